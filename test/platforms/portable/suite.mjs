// The verify, events and Fetch suite as data: what each case of the corpus comes to, by what every runtime has.
import { createEventParser } from '@smtpeter-webhooks/events';
import { fetchReceiver } from '@smtpeter-webhooks/receiver/fetch';
import { createVerifier, pinnedKeys } from '@smtpeter-webhooks/verify';

const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** @param corpus - `{ id, url, now, jwks, calls, bodies }`, as suites.check.ts writes it. */
export async function runSuite({ id, url, now, jwks, calls, bodies }) {
  const keys = pinnedKeys(jwks);
  const endpoints = [{ id, url }];
  const clock = () => now;
  const verifier = createVerifier({ endpoints, keys, clock });
  const parse = createEventParser();
  const told = [];
  const receive = fetchReceiver({
    id,
    url,
    keys,
    clock,
    log: false,
    on: { '*': (event) => void told.push(event.key) },
    onRejected: ({ code }) => void told.push(code),
  });
  const results = {};
  for (const call of calls) {
    const body = bytesOf(call.body);
    const request = { method: call.method, target: call.target, headers: call.lines, secure: true, body };
    results[call.name] = {
      verify: await verified(verifier, request),
      explain: await explained(verifier, request),
      ...(call.overFetch && { fetch: await answered(receive, told, call, body) }),
    };
  }
  for (const { name, contentType, body } of bodies) {
    const event = parse({ body: bytesOf(body), contentType, identity: id, key: 'k' });
    // For people, and of the reader that was at work.
    if (event.reason !== undefined) event.reason = event.reason.code;
    results[name] = { event: JSON.stringify(event) };
  }
  return results;
}

async function verified(verifier, request) {
  try {
    const { identity, url, date, keyThumbprint, algorithm, eventKey } = await verifier.verify(request);
    return { identity, url, date, keyThumbprint, algorithm, eventKey };
  } catch (error) {
    return { code: error.code, check: error.check, status: error.status, evidence: error.evidence };
  }
}

async function explained(verifier, request) {
  const { genuine, checks, signingString } = await verifier.explain(request);
  return { genuine, checks: checks.map(({ id, result, code }) => [id, result, code ?? null]), signingString };
}

async function answered(receive, told, call, body) {
  told.length = 0;
  const headers = new Headers();
  for (let i = 0; i < call.lines.length; i += 2) headers.append(call.lines[i], call.lines[i + 1]);
  const { origin } = new URL(call.url);
  const response = await receive(new Request(origin + call.target, { method: call.method, headers, body }));
  return { status: response.status, text: await response.text(), told: [...told] };
}
