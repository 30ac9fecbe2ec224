import type { FieldSchemas } from '@smtpeter-webhooks/events';
import { createCallVerifier, type WebhookRejectedError } from '@smtpeter-webhooks/verify';
import { warningText } from '#warning-texts';
import { Admission } from './admission.js';
import { type Answer, answerWith } from './answer.js';
import { createComplain } from './complaints.js';
import { before } from './deadline.js';
import { createDelivery } from './delivery.js';
import type { IncomingCall } from './incoming-call.js';
import { LogSampler } from './log-sampler.js';
import { type ReceiverOptions, readOptions } from './options.js';
import type { Passage } from './passage.js';
import { isPromiseLike, whenThere } from './promise-like.js';
import type { Receiver } from './receiver-interface.js';
import { createRefusalDesk } from './refusal-desk.js';
import { CallRefusedError, toRefusal } from './refusals.js';
import { startWork } from './start-work.js';
import { Counters } from './stats.js';
import { inboxSteps, type Step, steps } from './steps.js';
import { createVerificationFiles } from './verification-files.js';
import { type WarningId, warningsFor } from './warnings.js';

export type { Receiver };

const MAX_WARNED_TARGETS = 20;

/**
 * Makes the pipeline, for a door of your own.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function createReceiver<const F extends FieldSchemas, Tx = undefined>(
  typedOptions: ReceiverOptions<F, Tx>,
): Receiver {
  // The schemas' types are between the user's handlers and the parser; the pipeline has no use for them.
  const options = typedOptions as unknown as ReceiverOptions;
  const settings = readOptions(options);
  const { log, endpoints } = settings;
  const { toleranceSeconds, signedUrl, keys, replay, clock, keyZone } = options;
  const given = { toleranceSeconds, signedUrl, keys, replay, clock, keyZone };
  const verifier = createCallVerifier({ endpoints, ...withoutUndefined(given) });
  const counters = new Counters();
  const admission = new Admission(settings);
  const sampler = new LogSampler();
  const complain = createComplain(log, sampler);
  const files = createVerificationFiles(options.verificationFiles, endpoints, complain);
  const desk = createRefusalDesk(settings, sampler, complain);
  const warned = new Set<string>();
  const idle: (() => void)[] = [];
  let closing: Promise<void> | undefined;

  const warn = (id: WarningId) => {
    if (!warned.has(id)) log.warn(`${id}: ${warningText(id)}`);
    warned.add(id);
  };
  for (const id of warningsFor({ endpoints, toleranceSeconds, keyZone })) warn(id);
  const worker = startWork(options, settings);
  const path = settings.inbox === undefined ? steps : inboxSteps;
  if (replay === undefined && settings.inbox === undefined)
    log.info('repeats are recognised within this process, since its start');

  const readClock = () => {
    try {
      return settings.clock();
    } catch {
      return Number.NaN; // The check of the Date asks again, and refuses.
    }
  };

  const leave = () => {
    counters.inFlight--;
    if (counters.inFlight === 0) for (const resolve of idle.splice(0)) resolve();
  };

  const delivery = createDelivery({ settings, counters, complain, leave });

  function handle(call: IncomingCall): Promise<Answer> {
    const looking = files?.answer(call.head.method, call.head.target);
    return looking === undefined
      ? take(call)
      : looking.then((file) => (file === undefined ? take(call) : ending(file)));
  }

  /** Makes no promise of its own where a step has made one, or none is needed: they are what a call costs here. */
  function take(call: IncomingCall): Promise<Answer> {
    counters.received++;
    counters.inFlight++;
    const receivedAt = new Date(readClock());
    const passage: Passage = {
      call,
      settings,
      verifier,
      counters,
      admission,
      complain,
      receivedAt,
      place: undefined,
      head: undefined,
      body: undefined,
      request: undefined,
      claim: undefined,
      waitsUntil: undefined,
      event: undefined,
    };
    const left = (answer: Answer) => {
      passage.place?.leave();
      leave();
      return answer;
    };
    const failed = (error: unknown) => {
      return whenThere(fail(passage, error), left);
    };
    try {
      const answer = closing === undefined ? pass(passage, 0) : shuttingDown();
      return isPromiseLike(answer) ? answer.then(left, failed) : Promise.resolve(left(answer));
    } catch (error) {
      return Promise.resolve(failed(error));
    }
  }

  function shuttingDown(): never {
    throw new CallRefusedError('ERR_SHUTTING_DOWN');
  }

  function fail(passage: Passage, error: unknown): Answer | Promise<Answer> {
    const refuse = () => refused(toRefusal(error), passage.call, passage.receivedAt);
    return passage.claim === undefined ? refuse() : release(passage).then(refuse);
  }

  /** Takes the steps from `start` on, at once as long as none of them waits. */
  function pass(passage: Passage, start: number): Answer | Promise<Answer> {
    for (let i = start; i < path.length; i++) {
      const outcome = (path[i] as Step).run(passage);
      if (isPromiseLike(outcome))
        return outcome.then((answer) => (answer === undefined ? pass(passage, i + 1) : ending(answer)));
      if (outcome !== undefined) return ending(outcome);
    }
    return whenThere(delivery.deliver(passage), ending);
  }

  /** While the process shuts down a kept-open connection is of no use. */
  function ending(answer: Answer): Answer {
    return closing === undefined ? answer : { ...answer, close: true };
  }

  async function release(passage: Passage): Promise<void> {
    try {
      await passage.claim?.release();
    } catch (error) {
      complain('a claim could not be released', error);
    }
  }

  function refused(
    error: WebhookRejectedError | CallRefusedError,
    call: Pick<IncomingCall, 'head' | 'remoteAddress'>,
    receivedAt: Date,
  ): Answer | Promise<Answer> {
    Counters.add(counters.rejected, error.code);
    const finish = (status: number) =>
      answerWith(status, {
        retryAfterSeconds: status === 503 ? (error.retryAfterSeconds ?? 5) : undefined,
        close: error.status === 408 || error.status === 413 || closing !== undefined,
      });
    return whenThere(desk.refuse(error, call, receivedAt), finish);
  }

  async function close({ timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): Promise<void> {
    closing ??= (async () => {
      if (counters.inFlight > 0) await before(new Promise<void>((resolve) => idle.push(resolve)), timeoutMs);
      await worker?.close({ timeoutMs });
      delivery.abort(new Error('The process is shutting down.'));
      await verifier.close();
    })().catch((error) => complain('closing failed', error));
    return closing;
  }

  return {
    handle,
    refuse: async (code, call, evidence = {}) =>
      refused(new CallRefusedError(code, evidence), call, new Date(readClock())),
    verificationFile: (method, target) => files?.answer(method, target),
    hasPath: (target) => verifier.hasPath(target),
    signedUrl: options.signedUrl ?? 'received',
    warn,
    passedOn(target) {
      if (warned.size >= MAX_WARNED_TARGETS || warned.has(target)) return;
      warned.add(target);
      log.warn(
        'a call that looks like a webhook was passed on: its path differs from that of url by the slash at the end',
      );
    },
    stats: () => counters.snapshot(admission.bufferedBytes),
    close,
  };
}

function withoutUndefined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
