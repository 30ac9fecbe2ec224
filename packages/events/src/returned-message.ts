import { type EnhancedStatus, parseStatus } from './enhanced-status.js';

/** What a message that came back is, by what stands in it. */
export interface ReturnedMessage {
  /** `unknown` when nothing in it tells. */
  readonly type: 'bounced' | 'deferred' | 'delivered' | 'autoresponded' | 'unknown';
  readonly status?: EnhancedStatus;
  /** The receiving server's answer, as the report quotes it. */
  readonly answer?: string;
}

/** The value may stand on a second line. */
const typeLine = /^content-type:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)?)/im;
const actionLine = /^action:([^\r\n]*)/im;
const statusLine = /^status:([^\r\n]*)/im;
const diagnosticLine = /^diagnostic-code:([^\r\n]*)/im;
const submittedLine = /^auto-submitted:([^\r\n]*)/im;

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
  const action = valueIn(actionLine, text.slice(end))?.toLowerCase();
  if (action !== undefined && /^multipart\/report\b/i.test(valueIn(typeLine, head) ?? '')) {
    const status = parseStatus(/^[245]\.\d{1,3}\.\d{1,3}/.exec(valueIn(statusLine, text.slice(end)) ?? '')?.[0] ?? '');
    const answer = valueIn(diagnosticLine, text.slice(end))?.replace(/^[^;]*;\s*/, '');
    const type = types.get(action.split(/[\s(;]/, 1)[0] ?? '') ?? 'unknown';
    return { type, ...(status && { status }), ...(answer !== undefined && { answer }) };
  }
  const submitted = valueIn(submittedLine, head)?.toLowerCase() ?? '';
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

/** The value of the first such line. */
function valueIn(line: RegExp, text: string): string | undefined {
  return line.exec(text)?.[1]?.trim();
}
