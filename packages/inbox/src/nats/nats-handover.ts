import type { Inbox } from '@smtpeter-webhooks/receiver';
import { createHandover, type HandoverOptions } from '../handover.js';

/** What is used of a JetStream client: `jetstream(connection)` of @nats-io/jetstream, or `connection.jetstream()` of nats. */
export interface NatsJetStream<H> {
  /** Publishes a message; resolves when the stream has it, with whether it had one of that `msgID` before. */
  publish(
    subject: string,
    payload: Uint8Array,
    options: { readonly msgID: string; readonly headers?: H },
  ): Promise<{ readonly duplicate: boolean }>;
}

/** What is used of a message's headers. */
export interface NatsHeaders {
  /** Sets a header. */
  set(name: string, value: string): void;
}

/** Where to, and how. */
export interface NatsHandoverOptions<H> extends HandoverOptions {
  readonly jetstream: NatsJetStream<H>;
  /** The subject, or one for each kind: `(kind) => 'webhooks.' + kind`. A stream must have it. */
  readonly subject: string | ((kind: string) => string);
  /** Makes empty headers: `headers` of @nats-io/transport-node. Without it the payload comes without its Content-Type. */
  readonly headers?: () => H & NatsHeaders;
}

/**
 * Hands calls over to NATS JetStream: published, and acknowledged by the server, before they are answered 200.
 * `Nats-Msg-Id` is the event's key. Repeats are known for the `duplicate_window` of the stream: make it at least the
 * tolerance in both directions and a minute (eleven minutes by default), better a day. `null` for `eventKey` has no effect.
 *
 * Headers of a message: `Content-Type`, `Webhook-Identity`, `Webhook-Key`, `Webhook-Received-At`; with the payload they
 * are what `parseEvent` takes.
 *
 * @throws TypeError that names the option that is wrong, and what to give.
 */
export function natsHandover<H>(options: NatsHandoverOptions<H>): Inbox {
  const { jetstream, subject, headers } = options;
  if (typeof jetstream?.publish !== 'function') throw new TypeError('jetstream: give a JetStream client.');
  if (typeof subject !== 'function' && (typeof subject !== 'string' || subject === ''))
    throw new TypeError('subject: give a subject, or a function from the kind to one.');
  return createHandover(
    {
      async publish({ key, kind, identity, contentType, receivedAt, body }) {
        const lines = headers?.();
        if (contentType !== undefined) lines?.set('Content-Type', contentType);
        lines?.set('Webhook-Identity', identity);
        lines?.set('Webhook-Key', key);
        lines?.set('Webhook-Received-At', receivedAt.toISOString());
        const to = typeof subject === 'function' ? subject(kind) : subject;
        const { duplicate } = await jetstream.publish(to, body, {
          msgID: key,
          ...(lines !== undefined && { headers: lines }),
        });
        return !duplicate;
      },
    },
    options,
  );
}
