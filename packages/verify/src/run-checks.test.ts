import { afterEach, describe, expect, it } from 'vitest';
import type { Call } from './call.js';
import type { Check, Failure } from './check.js';
import { WebhookRejectedError } from './errors.js';
import { runChecks } from './run-checks.js';

const call = {} as Call;

/** A check that notes that it ran, and has this outcome. */
function checkOf(ran: string[], id: string, outcome?: ReturnType<Check['run']>): Check {
  return {
    id,
    run() {
      ran.push(id);
      return outcome;
    },
  };
}

const failure: Failure = {
  code: 'ERR_KEY_LOOKUP_FAILED',
  evidence: { detail: 'no answer' },
  retryAfterSeconds: 7,
  cause: new Error('broken'),
};
const refusal = {
  code: 'ERR_KEY_LOOKUP_FAILED',
  check: 'second',
  status: 503,
  evidence: { detail: 'no answer' },
  retryAfterSeconds: 7,
  cause: failure.cause,
};

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('checks are run', () => {
  it('in their order, from the one on that is asked for, and at once while none must wait', () => {
    const ran: string[] = [];
    const checks = ['first', 'second', 'third'].map((id) => checkOf(ran, id));
    expect(runChecks(checks, call)).toBeUndefined();
    expect(runChecks(checks, call, 1)).toBeUndefined();
    expect(runChecks(checks, call, 3)).toBeUndefined();
    expect(ran).toEqual(['first', 'second', 'third', 'second', 'third']);
  });

  it('up to the first that fails', () => {
    const ran: string[] = [];
    const checks = [checkOf(ran, 'first'), checkOf(ran, 'second', failure), checkOf(ran, 'third')];
    const error = thrownBy(() => runChecks(checks, call));
    expect(error).toBeInstanceOf(WebhookRejectedError);
    expect(error).toMatchObject(refusal);
    expect(ran).toEqual(['first', 'second']);
  });

  it('one after the other where one must wait', async () => {
    const ran: string[] = [];
    const checks = [checkOf(ran, 'first', Promise.resolve(undefined)), checkOf(ran, 'second')];
    const waiting = runChecks(checks, call);
    expect(waiting).toBeInstanceOf(Promise);
    expect(ran).toEqual(['first']);
    expect(await waiting).toBeUndefined();
    expect(ran).toEqual(['first', 'second']);
  });

  it('up to the first that fails after a wait', async () => {
    const ran: string[] = [];
    const checks = [checkOf(ran, 'first'), checkOf(ran, 'second', Promise.resolve(failure)), checkOf(ran, 'third')];
    await expect(runChecks(checks, call)).rejects.toMatchObject(refusal);
    expect(ran).toEqual(['first', 'second']);
  });
});

describe('a refusal', () => {
  const limit = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') as PropertyDescriptor;
  afterEach(() => {
    Object.defineProperty(Error, 'stackTraceLimit', limit);
  });
  const stackOf = (error: unknown) =>
    String((error as Error).stack)
      .split('\n')
      .slice(1);
  const refuse = () => thrownBy(() => runChecks([checkOf([], 'second', failure)], call));

  it('takes no stack, and errors made later take theirs again', () => {
    expect(stackOf(refuse())).toEqual([]);
    expect(Error.stackTraceLimit).toBe(limit.value);
    expect(stackOf(new Error('later'))).not.toEqual([]);
  });

  it.each<[string, () => void]>([
    [
      'cannot be set, as where the intrinsics are frozen',
      () => Object.defineProperty(Error, 'stackTraceLimit', { value: 5, writable: false, configurable: true }),
    ],
    ['is not there, as in other engines', () => Reflect.deleteProperty(Error, 'stackTraceLimit')],
  ])('is made all the same where the limit of stacks %s', (_, prepare) => {
    prepare();
    const before = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
    expect(refuse()).toMatchObject(refusal);
    expect(Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')).toEqual(before);
  });
});
