import type { SignedCall } from '../calls.js';

/** A call as it is on the wire, in base64: that is how it goes to another process. */
export function wire(call: SignedCall, change: (text: string) => string = (text) => text): string {
  const lines = [...call.headers, ['X-Forwarded-Proto', 'https']].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = change(`${call.method} ${call.target} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return Buffer.concat([Buffer.from(head, 'latin1'), call.body]).toString('base64');
}
