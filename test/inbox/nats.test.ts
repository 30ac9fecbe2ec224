import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import { parseEvent } from '@smtpeter-webhooks/events';
import { natsHandover } from '@smtpeter-webhooks/inbox/nats';
import { describe, expect, it } from 'vitest';
import { atEnd, call, send } from '../vendor.testing.js';
import { serve, uniqueName } from './inbox.testing.js';

const servers = process.env['TEST_NATS_URL'] ?? '127.0.0.1:4222';
const open = () => connect({ servers, timeout: 2000, reconnect: false });
const hasNats = await open().then(
  (connection) => connection.close().then(() => true),
  () => false,
);

describe.skipIf(!hasNats)('NATS JetStream (skipped where none runs, see TEST_NATS_URL)', () => {
  it('has the call acknowledged before it is answered, and knows it again', async () => {
    const connection = await open();
    atEnd(() => connection.close());
    const own = await open();
    atEnd(() => own.close());
    const manager = await jetstreamManager(own);
    const name = uniqueName('webhooks');
    await manager.streams.add({ name, subjects: [`${name}.>`], duplicate_window: 86_400_000_000_000 });
    atEnd(() => manager.streams.delete(name));
    const inbox = natsHandover({ jetstream: jetstream(connection), subject: (kind) => `${name}.${kind}`, headers });
    const { to, server } = await serve({ inbox });
    const genuine = call({ kind: 'click' });
    expect((await send(to, genuine)).status).toBe(200);
    expect((await send(to, genuine)).status).toBe(200);
    expect(server.stats()).toMatchObject({ accepted: 1, duplicates: 1 });
    const message = await manager.streams.getMessage(name, { seq: 1 });
    expect(message?.subject).toBe(`${name}.click`);
    const header = (of: string) => message?.header.get(of) ?? '';
    const event = parseEvent({
      body: message?.data ?? new Uint8Array(),
      contentType: header('Content-Type'),
      identity: header('Webhook-Identity'),
      key: header('Webhook-Key'),
    });
    expect(event.kind).toBe('click');
    expect(header('Nats-Msg-Id')).toBe(event.key);
    await connection.close();
    expect((await send(to)).status).toBe(503);
  });
});
