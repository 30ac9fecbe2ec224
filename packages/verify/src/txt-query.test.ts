import { afterEach, describe, expect, it, vi } from 'vitest';
import { askInTurn, type TxtAnswer } from './txt-query.js';

afterEach(() => void vi.restoreAllMocks());

const records: TxtAnswer = { outcome: 'records', records: ['a'] };
const none: TxtAnswer = { outcome: 'none', detail: 'DNS says ENOTFOUND' };
const failed = (detail: string): TxtAnswer => ({ outcome: 'failed', detail });
const silence = new Promise<TxtAnswer>(() => {});
const long = 30_000;

/** Servers that answer as they are told; `later` ones when the test says so. */
function servers(answers: Record<string, TxtAnswer | Promise<TxtAnswer>>) {
  const asked: string[] = [];
  const signals: AbortSignal[] = [];
  const ask = async (server: string, signal: AbortSignal) => {
    asked.push(server);
    signals.push(signal);
    return answers[server] ?? silence;
  };
  return { asked, signals, ask };
}

function later(answer: TxtAnswer) {
  let arrive = () => {};
  const promise = new Promise<TxtAnswer>((resolve) => {
    arrive = () => resolve(answer);
  });
  return { promise, arrive };
}

describe('servers that are asked in turn', () => {
  it.each([records, none])('the first that knows decides: %j', async (answer) => {
    const { ask, asked, signals } = servers({ a: answer, b: records });
    expect(await askInTurn(['a', 'b'], ask, long).answer).toEqual(answer);
    expect(asked).toEqual(['a']);
    expect(signals[0]?.aborted).toBe(true);
  });

  it('one that fails is passed over at once, and not asked again', async () => {
    const { ask, asked } = servers({ a: failed('x'), c: records });
    expect(await askInTurn(['a', 'a', 'c', 'a'], ask, long).answer).toEqual(records);
    expect(asked).toEqual(['a', 'c']);
  });

  it('the last failure is told when all fail, at once', async () => {
    const { ask, asked } = servers({ a: failed('x'), b: failed('y') });
    expect(await askInTurn(['a', 'b', 'a', 'b'], ask, long).answer).toEqual(failed('y'));
    expect(asked).toEqual(['a', 'b']);
  });

  it('a silent one is asked beside the next after its share of the time, and may still be the first that knows', async () => {
    const a = later(records);
    const { ask, asked, signals } = servers({ a: a.promise });
    const waits = vi.spyOn(globalThis, 'setTimeout');
    const query = askInTurn(['a', 'b'], ask, 400);
    expect(waits.mock.calls.map(([, wait]) => wait)).toEqual([400, 200]);
    await expect.poll(() => asked).toEqual(['a', 'b']);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
    a.arrive();
    expect(await query.answer).toEqual(records);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('silence is waited for while another failed, and ends with the time', async () => {
    const { ask, asked } = servers({ b: failed('y') });
    expect(await askInTurn(['a', 'b'], ask, 60).answer).toEqual(failed('y'));
    expect(asked).toEqual(['a', 'b']);
    const silent = servers({});
    expect(await askInTurn(['a', 'a'], silent.ask, 30).answer).toEqual(failed('no answer in time'));
    expect(silent.asked).toEqual(['a', 'a']);
    expect(silent.signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it('one that is silent still is waited for when the last has failed', async () => {
    const a = later(records);
    const { ask, asked } = servers({ a: a.promise, b: failed('y') });
    const query = askInTurn(['a', 'b'], ask, 400);
    await expect.poll(() => asked).toEqual(['a', 'b']);
    await new Promise((resolve) => setImmediate(resolve));
    a.arrive();
    expect(await query.answer).toEqual(records);
  });

  it('one that fails late is not waited for in vain when it was the last', async () => {
    const a = later(failed('late'));
    const { ask } = servers({ a: a.promise });
    const query = askInTurn(['a'], ask, long);
    a.arrive();
    expect(await query.answer).toEqual(failed('late'));
  });

  it('are asked no more once one knows', async () => {
    const b = later(failed('y'));
    const { ask, asked } = servers({ a: records, b: b.promise });
    expect(await askInTurn(['b', 'a', 'c', 'd'], ask, 40).answer).toEqual(records);
    b.arrive();
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual(['b', 'a']);
  });

  it('can be cancelled', async () => {
    const { ask, signals } = servers({});
    const query = askInTurn(['a', 'b'], ask, long);
    query.cancel();
    expect(await query.answer).toEqual(failed('cancelled'));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('are asked no more once it is cancelled, whatever becomes of those that were asked', async () => {
    const asked: string[] = [];
    const ask = (server: string, signal: AbortSignal) => {
      asked.push(server);
      return new Promise<TxtAnswer>((resolve) => {
        signal.addEventListener('abort', () => resolve(failed('DNS says ECANCELLED')));
      });
    };
    const query = askInTurn(['a', 'b'], ask, long);
    query.cancel();
    expect(await query.answer).toEqual(failed('cancelled'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual(['a']);
  });
});
