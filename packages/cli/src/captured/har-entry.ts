import { type CapturedCall, CaptureError, headerOf } from './captured-call.js';

type Json = Record<string, unknown>;

/**
 * Reads a HAR file (HTTP Archive 1.2), or one entry of it: the entry with a Signature header, or the only one.
 *
 * @throws CaptureError
 */
export function readHar(file: Json): CapturedCall {
  const { log } = file;
  const entries: unknown[] =
    log === undefined ? [file] : isObject(log) && Array.isArray(log['entries']) ? log['entries'] : [];
  const calls = entries.filter(isObject).filter((entry) => isObject(entry['request']));
  const signed = calls.filter((entry) => linesOf(entry).some((line, i) => i % 2 === 0 && /^signature$/i.test(line)));
  const chosen = signed.length > 0 ? signed : calls;
  const [entry] = chosen;
  if (entry === undefined) throw new CaptureError('The HAR file holds no request.');
  if (chosen.length > 1) {
    throw new CaptureError(`The HAR file holds ${chosen.length} such requests: keep one entry.`);
  }
  return readEntry(entry);
}

function readEntry(entry: Json): CapturedCall {
  const request = entry['request'] as Json;
  const text = typeof request['url'] === 'string' ? request['url'] : '';
  const match = /^(https?):\/\/([^/?#]+)([^#]*)/i.exec(text);
  if (match === null) throw new CaptureError('The entry has no URL.');
  const headers = linesOf(entry);
  const notes: string[] = [];
  // HTTP/2 has no Host; what takes its place was told to the server as one.
  if (headerOf({ headers }, 'host') === undefined) {
    headers.unshift('Host', headerOf({ headers }, ':authority') ?? match[2] ?? '');
  }
  const started = new Date(textOf(entry['startedDateTime']));
  return {
    method: typeof request['method'] === 'string' ? request['method'] : 'POST',
    target: match[3]?.startsWith('/') ? match[3] : `/${match[3] ?? ''}`,
    headers: withoutPseudo(headers),
    body: bodyOf(request['postData'], notes),
    secure: match[1]?.toLowerCase() === 'https',
    receivedAt: Number.isNaN(started.getTime()) ? undefined : started,
    format: 'HAR entry',
    notes,
  };
}

function linesOf(entry: Json): string[] {
  const list = (entry['request'] as Json)['headers'];
  const lines: string[] = [];
  for (const one of Array.isArray(list) ? (list as Json[]) : []) {
    if (typeof one?.['name'] === 'string' && typeof one['value'] === 'string') lines.push(one['name'], one['value']);
  }
  return lines;
}

function withoutPseudo(lines: readonly string[]): string[] {
  return lines.filter((_, i) => !lines[i - (i % 2)]?.startsWith(':'));
}

function bodyOf(postData: unknown, notes: string[]): Uint8Array {
  if (!isObject(postData)) return new Uint8Array();
  const { text, encoding, params } = postData;
  if (typeof text === 'string') {
    if (encoding === 'base64') return Buffer.from(text, 'base64');
    if (text.includes('\ufffd')) notes.push('The body in the HAR file holds characters that could not be read.');
    return Buffer.from(text);
  }
  if (!Array.isArray(params)) return new Uint8Array();
  notes.push('The HAR file holds the fields of the form, not its bytes: they were put together again.');
  const pairs = (params as Json[]).map((one): [string, string] => [textOf(one?.['name']), textOf(one?.['value'])]);
  return Buffer.from(new URLSearchParams(pairs).toString());
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
