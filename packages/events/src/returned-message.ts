import { type EnhancedStatus, parseStatus } from './enhanced-status.js';

/** What a message that came back is, by what stands in it. */
export interface ReturnedMessage {
  /** `unknown` when nothing in it tells. */
  readonly type: 'bounced' | 'deferred' | 'delivered' | 'autoresponded' | 'unknown';
  readonly status?: EnhancedStatus;
  /** The receiving server's answer, as the report quotes it. */
  readonly answer?: string;
}

/** So much of a message is looked at. */
const MAX_LENGTH = 65_536;

/**
 * Tells a delivery status notification (RFC 3464) from an automatic reply (RFC 3834), by plain lines of the message; it
 * is not taken apart as MIME. What is neither is `unknown`: an out-of-office reply must not count as a bounce.
 */
export function readReturnedMessage(mime: string): ReturnedMessage {
  const text = mime.slice(0, MAX_LENGTH);
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const head = text.slice(0, end);
  const action = lineOf(text.slice(end), 'action')?.toLowerCase();
  if (action !== undefined && /^content-type:\s*multipart\/report\b/im.test(head)) {
    const status = parseStatus(/^[245]\.\d{1,3}\.\d{1,3}/.exec(lineOf(text.slice(end), 'status') ?? '')?.[0] ?? '');
    const answer = lineOf(text.slice(end), 'diagnostic-code')?.replace(/^[^;]*;\s*/, '');
    const type = types.get(action.split(/[\s(;]/, 1)[0] ?? '') ?? 'unknown';
    return { type, ...(status && { status }), ...(answer !== undefined && { answer }) };
  }
  const submitted = lineOf(head, 'auto-submitted')?.toLowerCase() ?? '';
  return { type: submitted.startsWith('auto-replied') ? 'autoresponded' : 'unknown' };
}

/** RFC 3464 section 2.3.3. */
const types: ReadonlyMap<string, ReturnedMessage['type']> = new Map([
  ['failed', 'bounced'],
  ['delayed', 'deferred'],
  ['delivered', 'delivered'],
  ['relayed', 'delivered'],
  ['expanded', 'delivered'],
] as const);

/** The value of the first line `name: value`. */
function lineOf(text: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*([^\\r\\n]*)`, 'im').exec(text)?.[1]?.trim();
}
