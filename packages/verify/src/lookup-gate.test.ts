import { afterEach, describe, expect, it, vi } from 'vitest';
import { LookupGate } from './lookup-gate.js';

afterEach(() => void vi.restoreAllMocks());

const gates: LookupGate[] = [];
afterEach(() => {
  for (const gate of gates.splice(0)) gate.close();
});

/** A gate whose time only the test moves; its timers are real, and come to nothing until it does. */
function gateWith(options: Partial<ConstructorParameters<typeof LookupGate>[0]> = {}) {
  const time = { now: 5000 };
  vi.spyOn(performance, 'now').mockImplementation(() => time.now);
  const gate = new LookupGate({ perSecond: 1000, burst: 1, maxWaiting: 4, maxWaitMs: 60_000, ...options });
  gates.push(gate);
  return { time, gate };
}

/** What has been said to the names that wait, in the order in which it was. */
function waiters(gate: LookupGate) {
  const said: [string, boolean][] = [];
  const ask = (name: string, calls = 1) => {
    const answer = gate.enter(name);
    if (typeof answer === 'boolean') return answer;
    for (let i = 1; i < calls; i++) gate.join(name);
    void answer.then((admitted) => said.push([name, admitted]));
    return 'waits';
  };
  return { said, ask };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('new names', () => {
  it('are let in at once, so many, and then one whenever the rate allows it', () => {
    const { gate, time } = gateWith({ burst: 3, perSecond: 10, maxWaiting: 0 });
    expect([1, 2, 3, 4].map((n) => gate.enter(`x${n}`))).toEqual([true, true, true, false]);
    time.now += 99;
    expect(gate.enter('a')).toBe(false);
    time.now += 1;
    expect([gate.enter('a'), gate.enter('b')]).toEqual([true, false]);
    time.now += 3_600_000;
    expect([1, 2, 3, 4].map((n) => gate.enter(`y${n}`))).toEqual([true, true, true, false]);
  });

  it('wait behind those that wait, even when the rate would allow it', async () => {
    const { gate, time } = gateWith();
    const { ask, said } = waiters(gate);
    expect([ask('first'), ask('second')]).toEqual([true, 'waits']);
    time.now += 1;
    expect(ask('third')).toBe('waits');
    await expect.poll(() => said).toEqual([['second', true]]);
    time.now += 1;
    await expect.poll(() => said.length).toBe(2);
  });

  it('have their turn in the order in which they are wanted, and came', async () => {
    const { gate, time } = gateWith({ burst: 2 });
    const { ask, said } = waiters(gate);
    for (const name of ['x', 'y', 'a', 'b']) ask(name);
    expect(ask('wanted', 3)).toBe('waits');
    expect(ask('d', 2)).toBe('waits');
    for (let i = 1; i <= 3; i++) {
      time.now += 1;
      await expect.poll(() => said.length).toBe(i);
    }
    time.now += 1;
    await expect.poll(() => said.map(([name]) => name)).toEqual(['wanted', 'd', 'a', 'b']);
    expect(said.every(([, admitted]) => admitted)).toBe(true);
  });

  it('that had their turn are counted anew', async () => {
    const { gate, time } = gateWith();
    const { ask, said } = waiters(gate);
    ask('x');
    ask('a', 5);
    time.now += 1;
    await expect.poll(() => said.length).toBe(1);
    ask('b', 2);
    ask('a');
    time.now += 1;
    await expect.poll(() => said.length).toBe(2);
    expect(said[1]).toEqual(['b', true]);
  });

  it('several at once have their turn together, and no more than the rate allows', async () => {
    const { gate, time } = gateWith({ burst: 2 });
    const { ask, said } = waiters(gate);
    for (const name of ['x', 'y', 'a', 'b', 'c']) ask(name);
    time.now += 2;
    await expect.poll(() => said.length).toBe(2);
    await turn();
    expect(said.map(([name]) => name)).toEqual(['a', 'b']);
  });

  it('are sent away when their turn has not come in time', async () => {
    const { gate } = gateWith({ maxWaitMs: 5 });
    expect(gate.enter('x')).toBe(true);
    expect(await gate.enter('a')).toBe(false);
    expect(gate.enter('b')).toBeInstanceOf(Promise);
  });

  it('are looked at again when the next turn is due, and not before', () => {
    const { gate, time } = gateWith({ perSecond: 2 });
    gate.enter('x');
    time.now += 125;
    const timeout = vi.spyOn(globalThis, 'setTimeout');
    void gate.enter('a');
    expect(timeout.mock.calls.map(([, wait]) => wait)).toEqual([60_000, 375]);
  });
});

describe('when as many names wait as may', () => {
  it('one that is wanted as much as they are is sent away, one that is wanted more takes the place of the first', async () => {
    const { gate } = gateWith({ maxWaiting: 2 });
    const { ask, said } = waiters(gate);
    expect(['x', 'a', 'b', 'c'].map((name) => ask(name))).toEqual([true, 'waits', 'waits', false]);
    expect(ask('c')).toBe('waits');
    await turn();
    expect(said).toEqual([['a', false]]);
    // Asked for by calls that did not wait: counted only when they come in.
    gate.join('d');
    gate.join('d');
    expect(ask('d')).toBe(false);
  });

  it('eight of them are looked at for one that is wanted less', () => {
    const { gate } = gateWith({ maxWaiting: 9 });
    const { ask } = waiters(gate);
    ask('x');
    for (let i = 0; i < 8; i++) ask(`strong${i}`, 2);
    ask('weak');
    expect([ask('c'), ask('c')]).toEqual([false, false]);
    const other = gateWith({ maxWaiting: 8 }).gate;
    const { ask: askOther } = waiters(other);
    askOther('x');
    for (let i = 0; i < 7; i++) askOther(`strong${i}`, 2);
    askOther('weak');
    expect([askOther('c'), askOther('c')]).toEqual([false, 'waits']);
  });

  it('what was asked for is counted on, in bounded room: the others lose a call for each name that finds none', () => {
    const { gate } = gateWith({ maxWaiting: 2 });
    const { ask } = waiters(gate);
    ask('x');
    ask('a', 10);
    ask('b', 10);
    // Room for eight. Six fill it; the seventh finds none, and takes one of each: six are gone, and two have one less.
    for (let round = 0; round < 3; round++) for (let i = 0; i < 7; i++) expect(ask(`${round}-${i}`)).toBe(false);
    let calls = 1;
    while (ask('new') === false) calls++;
    expect(calls).toBe(8);
  });

  it('one that is counted already is counted on when there is no more room', () => {
    const { gate } = gateWith({ maxWaiting: 2 });
    const { ask } = waiters(gate);
    ask('x');
    ask('a', 10);
    ask('b', 10);
    for (let i = 0; i < 6; i++) ask(`y${i}`);
    let calls = 2;
    while (ask('y0') === false) calls++;
    expect(calls).toBe(11);
  });
});

describe('a look-up for another purpose', () => {
  it('is what is left when all that waited had their turn', async () => {
    const { gate, time } = gateWith({ burst: 2 });
    const { ask, said } = waiters(gate);
    for (const name of ['x', 'y', 'a']) ask(name);
    time.now += 2;
    await expect.poll(() => said).toEqual([['a', true]]);
    expect([gate.takeSpare(), gate.takeSpare()]).toEqual([true, false]);
  });

  it('is what the rate leaves', () => {
    const { gate, time } = gateWith({ burst: 2 });
    expect([gate.takeSpare(), gate.takeSpare(), gate.takeSpare()]).toEqual([true, true, false]);
    time.now += 1;
    expect([gate.takeSpare(), gate.enter('a')]).toEqual([true, expect.any(Promise)]);
  });

  it('is none while a name waits', async () => {
    const { gate, time } = gateWith();
    const { ask, said } = waiters(gate);
    ask('x');
    ask('a');
    time.now += 1;
    expect(gate.takeSpare()).toBe(false);
    await expect.poll(() => said).toEqual([['a', true]]);
  });
});

describe('where timers end with the request that began them', () => {
  /** Such a runtime: its timers, and the time with them, are moved by the test alone. */
  function endingTimers() {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { gate, time } = gateWith({ perSecond: 10, maxWaitMs: 750 });
    const pass = async (ms: number) => {
      time.now += ms;
      await vi.advanceTimersByTimeAsync(ms);
    };
    return { gate, time, pass, ...waiters(gate) };
  }

  afterEach(() => void vi.useRealTimers());

  it('names have their turn all the same, once another name waits', async () => {
    const { ask, said, pass } = endingTimers();
    expect([ask('x'), ask('a')]).toEqual([true, 'waits']);
    vi.clearAllTimers();
    await pass(199);
    ask('b');
    await pass(0);
    expect(vi.getTimerCount()).toBe(1); // its own
    await pass(1);
    ask('c');
    await pass(1);
    expect(said).toEqual([['a', true]]);
    await pass(100);
    expect(said).toEqual([
      ['a', true],
      ['b', true],
    ]);
  });

  it('a turn that is only late comes once', async () => {
    const { ask, said, time, pass } = endingTimers();
    for (const name of ['x', 'a', 'b']) ask(name);
    expect(vi.getTimerCount()).toBe(3);
    time.now += 200;
    ask('c');
    expect(vi.getTimerCount()).toBe(4);
    await pass(1);
    expect(said).toEqual([['a', true]]);
  });

  it('names that are never sent away hold up nobody for long', async () => {
    const { gate, ask, said, pass } = endingTimers();
    for (const name of ['x', 'a']) ask(name);
    vi.clearAllTimers();
    await pass(10);
    ask('b');
    vi.clearAllTimers();
    await pass(839);
    expect(gate.takeSpare()).toBe(false);
    await pass(1);
    expect(gate.takeSpare()).toBe(false);
    await pass(0);
    expect(said).toEqual([['a', false]]);
    await pass(10);
    expect(ask('c')).toBe(true);
    await pass(100);
    expect([gate.takeSpare(), said]).toEqual([
      true,
      [
        ['a', false],
        ['b', false],
      ],
    ]);
  });
});

describe('closing', () => {
  it('sends everyone away', async () => {
    const { gate } = gateWith();
    const { ask, said } = waiters(gate);
    for (const name of ['x', 'a', 'b']) ask(name);
    gate.close();
    await turn();
    expect(said).toEqual([
      ['a', false],
      ['b', false],
    ]);
  });

  it('is not needed by a gate where everyone has had a turn: no timer of it goes on', async () => {
    const { gate, time } = gateWith({ burst: 2 });
    const { ask, said } = waiters(gate);
    const set = vi.spyOn(globalThis, 'setTimeout');
    for (const name of ['x', 'y', 'a', 'b']) ask(name);
    // One for each that waits, and one for the next turn.
    const waits = () => set.mock.calls.map(([, wait]) => wait);
    expect(waits()).toEqual([60_000, 1, 60_000]);
    time.now += 2;
    while (said.length < 2) await turn();
    expect(waits()).toHaveLength(3);
    ask('c');
    expect(waits()).toEqual([60_000, 1, 60_000, 60_000, 1]);
  });
});
