import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { eventKeyOf } from './event-key.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

it('the key of an event is of its identity and the hash of its body', async () => {
  expect(await eventKeyOf('account-7', Buffer.from('type=open'))).toBe(sha256(`account-7\n${sha256('type=open')}`));
  expect(await eventKeyOf('account-7', new Uint8Array())).toBe(sha256(`account-7\n${sha256('')}`));
});
