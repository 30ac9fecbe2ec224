/** What a door answers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Short text, the same for every call that is answered with this status; or a verification file, byte for byte. */
  readonly body: string | Uint8Array<ArrayBuffer>;
  /** The connection must not be used again. */
  readonly close: boolean;
}

const texts: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  417: 'Expectation Failed',
  421: 'Misdirected Request',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** What RFC 9110 asks for beside the status. */
const extra: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  // Which headers must be signed is no secret; which check failed is one.
  401: { 'WWW-Authenticate': 'Signature realm="webhooks",headers="(request-target) host date x-copernica-id digest"' },
  405: { Allow: 'POST' },
  415: { 'Accept-Encoding': 'identity' },
};

const common = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };

/** The body text of a status. */
export function statusText(status: number): string {
  return texts[status] ?? (status < 500 ? 'Refused' : 'Error');
}

/** The answer with a status. Nothing of the request goes into it. */
export function answerWith(
  status: number,
  options: { readonly retryAfterSeconds?: number | undefined; readonly close?: boolean } = {},
): Answer {
  const { retryAfterSeconds, close = false } = options;
  if (retryAfterSeconds === undefined && !close) return plainAnswer(status);
  const retry = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
  return { status, headers: { ...common, ...extra[status], ...retry }, body: `${statusText(status)}\n`, close };
}

/** One object for each status: there are not many, and a flood is answered with one of them. */
const plain = new Map<number, Answer>();

function plainAnswer(status: number): Answer {
  let answer = plain.get(status);
  if (answer === undefined) {
    const headers = Object.freeze({ ...common, ...extra[status] });
    answer = Object.freeze({ status, headers, body: `${statusText(status)}\n`, close: false });
    plain.set(status, answer);
  }
  return answer;
}

/** One object for the answer that is given most. */
export const accepted = answerWith(200);
