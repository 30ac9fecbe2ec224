import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { WebhookEvent } from '@smtpeter-webhooks/receiver';
import { nodeReceiver } from '@smtpeter-webhooks/receiver/node';
import { type EncodingName, encodingNames, encodings, eventKinds, sampleVariants } from '@smtpeter-webhooks/sender';
import { describe, expect, it } from 'vitest';
import { call, id, keys, listening, memoryLog, send, url } from '../vendor.testing.js';
import { expectedEvent, expectedRaw } from './expected-event.testing.js';

const now = new Date('2026-01-02T03:04:05Z');

describe.each(encodingNames)('from the sender through a socket into the typed event, as %s', (encoding) => {
  it.each(eventKinds)('%s, in every spelling', async (kind) => {
    const received: WebhookEvent[] = [];
    const receiver = nodeReceiver({
      id,
      url,
      keys: keys(),
      trustProxy: 'loopback',
      log: memoryLog(),
      on: {
        '*': (event) => {
          received.push(event);
        },
      },
    });
    const to = await listening(createServer(receiver));
    for (const { name, event: sent } of sampleVariants(kind, { now })) {
      const body = encodings[encoding].encode(sent);
      const { contentType } = encodings[encoding];
      const result = await send(to, call({ body, contentType }));
      expect(result.status, name).toBe(200);
      const event = received.pop();
      expect(event?.identity).toBe(id);
      expect(event?.key).toMatch(/^[0-9a-f]{64}$/);
      expect(sha256(event?.body)).toBe(sha256(body));
      const { raw, body: _, identity, key, ...rest } = { ...event } as Record<string, unknown>;
      expect(rest, name).toEqual(expected(kind, sent, encoding));
      expect(raw, name).toEqual(expectedRaw(sent, encoding.startsWith('form')));
    }
  });
});

function expected(
  kind: (typeof eventKinds)[number],
  sent: Parameters<typeof expectedEvent>[1],
  encoding: EncodingName,
) {
  // A form does not say that there is nothing in a list or an object: it is missing.
  return expectedEvent(kind, encoding.startsWith('form') ? expectedRaw(sent, true) : sent);
}

function sha256(bytes: Uint8Array | undefined): string {
  return createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');
}
