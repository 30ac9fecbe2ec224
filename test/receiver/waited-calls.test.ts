import { parseUnverified } from '@smtpeter-webhooks/receiver';
import type { SignedCall } from '@smtpeter-webhooks/sender';
import { createTestVendor } from '@smtpeter-webhooks/sender/testing';
import { createVerifier, eventKeyOf } from '@smtpeter-webhooks/verify';
import { describe, expect, it } from 'vitest';

const vendor = createTestVendor({ url: 'https://example.com/hooks/smtpeter' });
const { id, url, keys, clock } = vendor.options;
const verifier = () => createVerifier({ endpoints: [{ id, url }], keys, clock });
const request = ({ method, target, headers, body }: SignedCall) => ({
  method,
  target,
  headers: headers.flat(),
  body,
  secure: true,
});

describe('a call that waited in a queue', () => {
  it('is verified as of when it came', async () => {
    const receivedAt = new Date(clock());
    const call = request(vendor.call());
    clock.advance(3 * 86_400_000);
    await expect(verifier().verify(call)).rejects.toMatchObject({ code: 'ERR_DATE_TOO_OLD' });
    await expect(verifier().verify(call, { receivedAt })).resolves.toMatchObject({ identity: id });
    expect(await verifier().explain(call, { receivedAt })).toMatchObject({ genuine: true });
    expect(await verifier().explain(call)).toMatchObject({ genuine: false, code: 'ERR_DATE_TOO_OLD' });
  });

  it('is refused when it was too old, or from the future, when it came', async () => {
    const call = request(vendor.call());
    const at = (seconds: number) => verifier().verify(call, { receivedAt: new Date(clock() + seconds * 1000) });
    await expect(at(301)).rejects.toMatchObject({ code: 'ERR_DATE_TOO_OLD' });
    await expect(at(-301)).rejects.toMatchObject({ code: 'ERR_DATE_IN_FUTURE' });
    await expect(at(299)).resolves.toBeDefined();
  });

  it('may come twice out of the queue, and has the same key then', async () => {
    const one = verifier();
    const call = request(vendor.call());
    const receivedAt = new Date(clock());
    const first = await one.verify(call, { receivedAt });
    expect((await one.verify(call, { receivedAt })).eventKey).toBe(first.eventKey);
    await one.verify(call);
    await expect(one.verify(call)).rejects.toMatchObject({ code: 'ERR_REPLAYED' });
  });

  it.each([new Date(Number.NaN), 1_700_000_000, '2026-01-01'])('received at %s is a TypeError', async (receivedAt) => {
    const call = request(vendor.call());
    await expect(verifier().verify(call, { receivedAt: receivedAt as Date })).rejects.toThrow(/^receivedAt: /);
    await expect(verifier().explain(call, { receivedAt: receivedAt as Date })).rejects.toThrow(/^receivedAt: /);
  });
});

describe('a body that something else has verified', () => {
  it('becomes the event that it would have been', async () => {
    const call = vendor.call('click', { encoding: 'form' });
    const contentType = 'application/x-www-form-urlencoded';
    const event = await parseUnverified({ body: call.body, contentType, identity: id });
    const { eventKey } = await verifier().verify(request(call));
    expect(event).toMatchObject({ kind: 'click', identity: id, key: eventKey });
    expect(await eventKeyOf(id, call.body)).toBe(eventKey);
  });

  it('that cannot be read is unknown, and one that is no bytes is misuse', async () => {
    const body = Buffer.from('{');
    expect(await parseUnverified({ body, identity: id })).toMatchObject({ kind: 'unknown' });
    await expect(parseUnverified({ body: '{}' as unknown as Uint8Array, identity: id })).rejects.toThrow(/^body: /);
  });
});
