import { createServer, request } from 'node:http';
import { nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import type { SignedCall } from '@smtpeter-webhooks/sender';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { call, id, keys, listening, url } from '../vendor.testing.js';

/** `PROPERTY_RUNS` for fewer of them. */
const runs = Number(process.env['PROPERTY_RUNS'] ?? 2000);

/** A place in a call where one octet is changed. */
interface Change {
  readonly part: number;
  readonly at: number;
  readonly flip: number;
}

const changes: fc.Arbitrary<Change> = fc.record({
  part: fc.nat(),
  at: fc.nat(),
  flip: fc.constantFrom(1, 2, 4, 8, 16, 32, 64, 128),
});

const flipped = (text: string, at: number, flip: number) =>
  `${text.slice(0, at)}${String.fromCharCode(text.charCodeAt(at) ^ flip)}${text.slice(at + 1)}`;

/** Changes one octet of the body, the target or a covered header's value; undefined when HTTP itself does not carry it. */
function changed(what: SignedCall, { part, at, flip }: Change): SignedCall | undefined {
  const covered = what.headers.filter(([name]) => name !== 'Signature');
  const which = part % (covered.length + 2);
  if (which === covered.length) {
    const body = Uint8Array.from(what.body);
    body[at % body.length] = (body[at % body.length] ?? 0) ^ flip;
    return { ...what, body };
  }
  if (which === covered.length + 1) {
    const target = flipped(what.target, at % what.target.length, flip);
    return /^[\x21-\x7e]+$/.test(target) ? { ...what, target } : undefined;
  }
  const [name = '', value = ''] = covered[which] ?? [];
  const other = flipped(value, at % value.length, flip);
  // White space round a value is not part of it, and controls are not HTTP.
  if (other.trim() === value.trim() || !/^[\x20-\x7e\x80-\xff]*$/.test(other)) return undefined;
  return { ...what, headers: what.headers.map(([one, old]) => [one, one === name ? other : old] as const) };
}

const statusOf = (to: string, what: SignedCall) =>
  new Promise<number>((resolve, reject) => {
    const lines = [...what.headers, ['X-Forwarded-Proto', 'https'], ['Connection', 'close']];
    const sent = request(to, { method: what.method, path: what.target, headers: lines.flat(), setHost: false });
    sent.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    // A length that was changed makes it another request; the server may end the connection while we send.
    sent.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET' ? resolve(0) : reject(error),
    );
    // Exactly these octets, whatever the length says.
    sent.flushHeaders();
    sent.end(what.body);
  });

it('a call with any one octet of its body, target or signed headers changed is refused, and never handed over', async () => {
  const seen: string[] = [];
  const receiver = nodeReceiver({
    id,
    url: `${url}?a=1&b=2`,
    keys: keys(),
    trustProxy: 'loopback',
    log: false,
    bodyTimeoutMs: 200,
    on: { '*': (event) => void seen.push(event.kind) },
  });
  const to = await listening(createServer(receiver));
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(changes, fc.constantFrom('json' as const, 'form' as const), async (change, encoding) => {
      const genuine = call({ url: `${url}?a=1&b=2`, encoding });
      const other = changed(genuine, change);
      if (other === undefined) return;
      sent++;
      expect(await statusOf(to, other)).not.toBe(200);
      expect(seen).toEqual([]);
    }),
    { numRuns: runs, seed: 20_140_105 },
  );
  expect(sent).toBeGreaterThan(runs / 2);
  // The very calls are good ones when nothing is changed.
  expect(await statusOf(to, call({ url: `${url}?a=1&b=2` }))).toBe(200);
}, 120_000);
