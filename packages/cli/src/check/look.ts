import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { MAX_FILE_BYTES } from '../files/regular-file.js';
import { lookupWith, type Resolutions } from './resolve-option.js';

/** What came back when a URL was asked for. */
export type Sight =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly location: string | undefined;
      readonly encoding: string | undefined;
      /** At most 64 KiB. */
      readonly body: Buffer;
      readonly tooLarge: boolean;
    }
  | { readonly kind: 'timeout' | 'unreachable' | 'tls-error'; readonly code: string; readonly message: string };

/** How to look. */
export interface LookOptions {
  readonly resolutions: Resolutions;
  /** Certificates that are trusted in place of the system's. */
  readonly ca?: Buffer | undefined;
  /** For all of it; default 5,000. */
  readonly timeoutMs?: number;
}

/** Asks for a URL once: no redirect is followed, the certificate is verified. Never rejects. */
export function look(url: URL, { resolutions, ca, timeoutMs = 5000 }: LookOptions): Promise<Sight> {
  return new Promise((resolve) => {
    const secure = url.protocol === 'https:';
    const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
    const options = {
      agent: false as const,
      lookup: lookupWith(resolutions, port),
      headers: { Accept: '*/*', 'Accept-Encoding': 'identity', 'User-Agent': 'smtpeter-webhooks check' },
      ...(secure && ca !== undefined && { ca }),
      ...(secure && { rejectUnauthorized: true }),
    };
    const direct = addressFor(url, port, resolutions);
    const asked = (secure ? httpsRequest : httpRequest)(url, { ...options, ...direct });
    const timer = setTimeout(() => {
      finish({ kind: 'timeout', code: 'ETIMEDOUT', message: `no whole answer within ${timeoutMs / 1000} s` });
    }, timeoutMs);
    const finish = (sight: Sight) => {
      clearTimeout(timer);
      asked.destroy();
      resolve(sight);
    };
    asked.on('error', (error: NodeJS.ErrnoException) => finish(failure(error)));
    asked.on('response', (response) => read(response, finish));
    asked.end();
  });
}

/** A host that is an address is not looked up: where it is resolved to another, connect there. */
function addressFor(url: URL, port: number, resolutions: Resolutions): { host?: string } {
  const [first] = resolutions.get(`${url.hostname}:${port}`) ?? [];
  return first !== undefined && /^(\[|[\d.]+$)/.test(url.hostname) ? { host: first.address } : {};
}

function read(response: IncomingMessage, finish: (sight: Sight) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const { statusCode: status = 0 } = response;
  const { location, 'content-encoding': encoding, 'content-length': declared } = response.headers;
  const answer = (tooLarge: boolean) => {
    const body = Buffer.concat(chunks).subarray(0, MAX_FILE_BYTES);
    finish({ kind: 'answer', status, location, encoding, body, tooLarge });
  };
  // What a page of an error says is read no further than it takes to know it.
  if (Number(declared ?? 0) > MAX_FILE_BYTES) {
    answer(true);
    return;
  }
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_FILE_BYTES) answer(true);
  });
  response.on('end', () => answer(false));
  response.on('error', (error: NodeJS.ErrnoException) => finish(failure(error)));
  response.on('aborted', () => {
    finish({ kind: 'unreachable', code: 'ECONNRESET', message: 'the connection was cut in the middle of the answer' });
  });
}

function failure(error: NodeJS.ErrnoException & { errors?: readonly NodeJS.ErrnoException[] }): Sight {
  const first = error.errors?.[0] ?? error;
  const code = first.code ?? error.code ?? '';
  const isTls = /^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO|HOSTNAME_MISMATCH|INVALID_CA)/.test(
    code,
  );
  const kind = isTls ? 'tls-error' : /TIMEDOUT/.test(code) ? 'timeout' : 'unreachable';
  return { kind, code, message: first.message };
}
