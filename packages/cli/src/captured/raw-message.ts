import { type CapturedCall, CaptureError, headerOf } from './captured-call.js';

const requestLine =
  /^([A-Za-z]{1,32}) (\/[\x21-\x7e\x80-\xff]*|https?:\/\/[\x21-\x7e\x80-\xff]+)(?: HTTP\/\d(?:\.\d)?)? *$/i;
const headerLine = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):/;

/**
 * Reads an HTTP/1.1 request message (RFC 9112): request line, header lines, an empty line, the body. Line feeds alone
 * are taken as line ends of the head, since editors make them; the body is left as it is.
 *
 * @throws CaptureError
 */
export function parseRawMessage(bytes: Buffer): CapturedCall {
  const { head, rest } = splitHead(bytes);
  const [first = '', ...lines] = head.split(/\r?\n/);
  const match = requestLine.exec(first);
  if (match === null) throw new CaptureError('The first line is not the request line of an HTTP message.');
  const [, method = '', target = ''] = match;
  const headers: string[] = [];
  for (const line of lines) {
    if (/^[ \t]/.test(line) && headers.length > 0) {
      // A folded line (RFC 9112 section 5.2) belongs to the one before.
      headers.push(`${headers.pop()} ${line.trim()}`);
      continue;
    }
    const parts = headerLine.exec(line);
    if (parts === null) throw new CaptureError('A header line has no name and colon.');
    headers.push(parts[1] ?? '', withoutMargins(line.slice(parts[0].length)));
  }
  const notes: string[] = [];
  const body = bodyOf(headers, rest, notes);
  return {
    method,
    target: originForm(target, notes),
    headers,
    body,
    secure: undefined,
    receivedAt: undefined,
    format: 'raw HTTP message',
    notes,
  };
}

function splitHead(bytes: Buffer): { head: string; rest: Buffer } {
  let from = 0;
  while (bytes[from] === 0x0d || bytes[from] === 0x0a) from++;
  const crlf = bytes.indexOf('\r\n\r\n', from);
  const lf = bytes.indexOf('\n\n', from);
  const usesCrlf = crlf !== -1 && (lf === -1 || crlf < lf);
  const end = usesCrlf ? crlf : lf;
  if (end === -1) {
    const head = bytes.subarray(from).toString('latin1').trimEnd();
    return { head, rest: Buffer.alloc(0) };
  }
  return { head: bytes.subarray(from, end).toString('latin1'), rest: bytes.subarray(end + (usesCrlf ? 4 : 2)) };
}

function originForm(target: string, notes: string[]): string {
  const [origin] = /^https?:\/\/[^/?#]+/i.exec(target) ?? [];
  if (origin === undefined) return target;
  notes.push('The request line holds a whole URL; its path was taken.');
  const path = target.slice(origin.length);
  return path.startsWith('/') ? path : `/${path}`;
}

/** A field's value without the spaces and tabs around it, and no others (RFC 9110 section 5.5). */
function withoutMargins(value: string): string {
  const isMargin = (at: number) => value[at] === ' ' || value[at] === '\t';
  let start = 0;
  let end = value.length;
  while (start < end && isMargin(start)) start++;
  while (end > start && isMargin(end - 1)) end--;
  return value.slice(start, end);
}

function bodyOf(headers: readonly string[], rest: Buffer, notes: string[]): Buffer {
  if (/chunked/i.test(headerOf({ headers }, 'transfer-encoding') ?? '')) {
    const whole = unchunk(rest);
    if (whole !== undefined) return whole;
    notes.push('The body should be chunked, and is not; it was taken as it is.');
    return rest;
  }
  const declared = Number(headerOf({ headers }, 'content-length') ?? Number.NaN);
  if (!Number.isInteger(declared) || rest.length === declared) return rest;
  if (rest.length < declared) {
    notes.push(`The body has ${rest.length} bytes where Content-Length says ${declared}.`);
    return rest;
  }
  const surplus = rest.subarray(declared).toString('latin1');
  if (/^[\r\n]*$/.test(surplus)) {
    notes.push(`${surplus.length} line end characters behind the body were left out.`);
    return rest.subarray(0, declared);
  }
  notes.push(`The body has ${rest.length} bytes where Content-Length says ${declared}.`);
  return rest;
}

/** RFC 9112 section 7.1; undefined when it is anything else. */
function unchunk(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n', at);
    const size = end === -1 ? null : /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/.exec(bytes.toString('latin1', at, end));
    if (size === null) return undefined;
    const length = Number.parseInt(size[1] ?? '', 16);
    if (length === 0) return Buffer.concat(parts);
    const start = end + 2;
    if (bytes.length < start + length + 2) return undefined;
    parts.push(bytes.subarray(start, start + length));
    at = start + length + 2;
  }
}
