import type { Rejection } from '@smtpeter-webhooks/receiver';
import { expect, it } from 'vitest';
import { jsonLines } from './event-lines.js';

it('writes JSON of received text that no terminal acts on, and that says the same', () => {
  const rejection: Rejection = {
    code: 'ERR_HOST_MISMATCH',
    status: 421,
    reason: '',
    remedy: '',
    evidence: { received: '\u009b31m\u007f\u0085\u202e\u001b[2J' },
    receivedAt: new Date(0),
    method: 'POST',
    target: '/\u009d0;title\u009c',
  };
  const line = jsonLines.rejected(rejection);
  expect(line).toMatch(/^[\u0020-\u007e]*$/);
  const { evidence, target } = rejection;
  expect(JSON.parse(line)).toMatchObject({ line: 'rejected', evidence, target });
});
