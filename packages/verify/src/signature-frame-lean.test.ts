import { expect, it } from 'vitest';
import { SignatureFrame } from './signature-frame-lean.js';
import { readSignatureHeader } from './signature-header.js';

it('the frame of a Worker says what its header says, keeps its list, and knows no header again', () => {
  const text = 'keyId="k",headers="date host",signature="AAAA"';
  const read = readSignatureHeader(text);
  if ('problem' in read) throw new Error(read.problem);
  const frame = new SignatureFrame(text, read);
  expect(frame.parameters).toMatchObject({ keyId: 'k', headers: 'date host' });
  const list = { names: ['date', 'host'], missing: [], repeated: undefined };
  frame.keepList(list);
  expect(frame.list).toBe(list);
  expect(frame.signatureIn(text)).toBeUndefined();
});
