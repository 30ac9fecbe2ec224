import type { ParseInput } from '@smtpeter-webhooks/events';
import { type ReplayAnswer, WebhookRejectedError } from '@smtpeter-webhooks/verify';
import { type Answer, accepted } from './answer.js';
import { describeError } from './complaints.js';
import { before, late } from './deadline.js';
import { headerOf } from './incoming-call.js';
import { guarded, type Passage, verified, verifiedHead, wholeBody } from './passage.js';
import { whenThere } from './promise-like.js';
import { CallRefusedError } from './refusals.js';

/** One step. It throws to refuse the call, answers to end the way here, or gives nothing to go on. */
export interface Step {
  readonly name: string;
  run(passage: Passage): Answer | undefined | Promise<Answer | undefined>;
}

/** More header lines than a genuine call has behind any number of proxies. */
const MAX_HEADER_LINES = 100;

const route: Step = {
  name: 'route',
  run({ call, verifier, settings }) {
    if (call.checkPath && !verifier.hasPath(call.head.target)) {
      const received = call.head.target.split('?')[0] ?? '';
      const expected = settings.endpoints.map((endpoint) => new URL(endpoint.url).pathname);
      throw new WebhookRejectedError('ERR_PATH_MISMATCH', 'path', { received, expected });
    }
    if (call.head.method !== 'POST')
      throw new CallRefusedError('ERR_METHOD_NOT_ALLOWED', { received: call.head.method });
    return undefined;
  },
};

const headers: Step = {
  name: 'headers',
  run({ call }) {
    const lines = call.head.headers.length / 2;
    if (lines > MAX_HEADER_LINES)
      throw new CallRefusedError('ERR_HEADERS_TOO_LARGE', { lines, allowed: MAX_HEADER_LINES });
    const encoding = headerOf(call.head, 'content-encoding');
    if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
      throw new CallRefusedError('ERR_CONTENT_ENCODING', { received: encoding });
    }
    if (call.bodyConsumed) throw new CallRefusedError('ERR_BODY_CONSUMED');
    return undefined;
  },
};

const verifyHead: Step = {
  name: 'verify-head',
  run(passage) {
    return whenThere(passage.verifier.verifyHead(passage.call.head), (head) => {
      passage.head = head;
      return undefined;
    });
  },
};

const admit: Step = {
  name: 'admit',
  run(passage) {
    const { call, settings, admission } = passage;
    const { maxBytes } = settings.body;
    const length = headerOf(call.head, 'content-length');
    const declared = length === undefined ? maxBytes : Number(length);
    if (declared > maxBytes) throw new CallRefusedError('ERR_BODY_TOO_LARGE', { declared, allowed: maxBytes });
    return whenThere(admission.enter(declared >= 0 ? declared : maxBytes), (place) => {
      if (place === undefined) throw new CallRefusedError('ERR_OVERLOADED', { bufferedBytes: admission.bufferedBytes });
      passage.place = place;
      return undefined;
    });
  },
};

const readBody: Step = {
  name: 'read-body',
  run(passage) {
    return passage.call.readBody(passage.settings.body).then((body) => {
      passage.body = body;
      passage.place?.resize(body.length);
      return undefined;
    });
  },
};

const verifyBody: Step = {
  name: 'verify-body',
  run(passage) {
    return whenThere(passage.verifier.verifyBody(verifiedHead(passage), wholeBody(passage)), (request) => {
      passage.request = request;
      return undefined;
    });
  },
};

const claim: Step = {
  name: 'claim',
  run(passage) {
    return whenThere(passage.verifier.claim(verifiedHead(passage)), (answer) => claimed(passage, answer));
  },
};

function claimed(passage: Passage, answer: ReplayAnswer): Answer | undefined | Promise<Answer | undefined> {
  switch (answer.state) {
    case 'claimed':
      passage.claim = answer;
      return undefined;
    case 'pending':
      return waitForOther(passage, answer.settled);
    case 'repeat':
      return repeated(passage);
    default:
      throw new Error('The replay memory gave an answer that is none.');
  }
}

function repeated(passage: Passage): Answer {
  const { identity, eventKey, url } = verified(passage);
  passage.counters.duplicates++;
  guarded(passage, 'onDuplicate', () =>
    passage.settings.onDuplicate?.({ identity, key: eventKey, url, receivedAt: passage.receivedAt }),
  );
  return accepted;
}

/** The very same call is being handled: its outcome decides over this one. Repeats of repeats wait no longer in all. */
async function waitForOther(passage: Passage, settled: Promise<void>): Promise<Answer | undefined> {
  passage.waitsUntil ??= performance.now() + passage.settings.handlerTimeoutMs;
  const end = await before(settled, passage.waitsUntil - performance.now());
  if (end === late) throw new CallRefusedError('ERR_PENDING');
  return claimed(passage, await passage.verifier.claim(verifiedHead(passage)));
}

/** What the event is made from. */
function parseInput(passage: Passage): ParseInput {
  const { body, identity, eventKey } = verified(passage);
  const signed = passage.head?.header('content-type');
  return {
    body,
    // What picks the parser must be signed too; what is not signed is a hint.
    contentType: signed ?? headerOf(passage.call.head, 'content-type'),
    contentTypeSigned: signed !== undefined,
    identity,
    key: eventKey,
  };
}

const parse: Step = {
  name: 'parse',
  run(passage) {
    passage.event = passage.settings.parse(parseInput(passage));
    return undefined;
  },
};

const keep: Step = {
  name: 'keep',
  async run(passage) {
    const { settings, counters, receivedAt, call } = passage;
    const { inbox } = settings;
    if (inbox === undefined) throw new Error('A step ran before its turn.');
    const request = verified(passage);
    const { contentType, contentTypeSigned = true } = parseInput(passage);
    const outcome = await inbox
      .accept({
        body: request.body,
        contentType,
        contentTypeSigned,
        headers: call.head.headers,
        identity: request.identity,
        url: request.url,
        receivedAt,
        eventKey: request.eventKey,
        replayKey: request.replayKey,
        replayUntil: Math.max(request.date, receivedAt.getTime()) + settings.replayMs,
        parse: () => settings.parse(parseInput(passage)),
      })
      .catch((cause: unknown) => {
        const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : describeError(cause);
        throw new CallRefusedError('ERR_INBOX_UNAVAILABLE', { reason }, { cause, retryAfterSeconds: 10 });
      });
    if (outcome === 'repeat') return repeated(passage);
    counters.accepted++;
    return accepted;
  },
};

/** What every call must pass. */
const verifying: readonly Step[] = [route, headers, verifyHead, admit, readBody, verifyBody];

/** The steps before the handlers, in order. */
export const steps: readonly Step[] = [...verifying, claim, parse];

/** The steps with an inbox: it answers, and handlers follow later. */
export const inboxSteps: readonly Step[] = [...verifying, keep];
