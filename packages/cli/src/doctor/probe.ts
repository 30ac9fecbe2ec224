import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** One request to see what comes. */
export interface ProbeOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /**
   * How long an answer to the head alone is waited for before the body is sent, default 0: who refuses a body by its
   * length closes the connection, and a body that is under way then takes the answer with it.
   */
  readonly bodyAfterMs?: number;
  readonly agent?: http.Agent | https.Agent;
  readonly lookup?: LookupFunction | undefined;
  readonly ca?: string | undefined;
  /** Default true. */
  readonly verifyTls?: boolean;
  /** Default 10,000. */
  readonly timeoutMs?: number;
}

/** What came. */
export interface Probed {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly reused: boolean;
  /** Of an https connection: when its certificate ends. */
  readonly validTo: Date | undefined;
  /** When the head of the answer was there, in milliseconds since 1970. */
  readonly at: number;
}

/** No answer came: Node's code for why. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Sends one request, follows no redirect, and reads the answer away. @throws ProbeError, as a rejection. */
export function probe(url: URL, options: ProbeOptions = {}): Promise<Probed> {
  const { method = 'POST', headers, body, agent = false, lookup, ca, verifyTls = true, timeoutMs = 10_000 } = options;
  const { bodyAfterMs = 0 } = options;
  return new Promise((resolve, reject) => {
    const client = url.protocol === 'https:' ? https : http;
    let validTo: Date | undefined;
    const request = client.request(url, {
      method,
      agent,
      headers: { 'User-Agent': 'smtpeter-webhooks doctor', ...headers, 'Content-Length': body?.length ?? 0 },
      ...(lookup && { lookup }),
      ...(url.protocol === 'https:' && { rejectUnauthorized: verifyTls, ...(ca !== undefined && { ca }) }),
    });
    const timer = setTimeout(() => request.destroy(new ProbeError('ETIMEDOUT')), timeoutMs);
    let waiting: NodeJS.Timeout | undefined;
    const fail = (error: Error) => {
      clearTimeout(timer);
      clearTimeout(waiting);
      reject(error instanceof ProbeError ? error : new ProbeError('code' in error ? String(error.code) : 'UNKNOWN'));
    };
    request.on('error', fail);
    request.on('response', (response) => {
      const at = Date.now();
      clearTimeout(waiting);
      const certificate = (response.socket as TLSSocket).getPeerCertificate?.();
      if (certificate?.valid_to !== undefined) validTo = new Date(certificate.valid_to);
      const done = () => {
        clearTimeout(timer);
        // What is left of a large body nobody wants to read any more.
        if (agent === false) request.destroy();
        const { statusCode: status = 0, headers: received } = response;
        resolve({ status, headers: received, reused: request.reusedSocket, validTo, at });
      };
      response.on('error', done);
      response.on('end', done);
      response.resume();
    });
    if (bodyAfterMs === 0) request.end(body);
    else {
      request.flushHeaders();
      waiting = setTimeout(() => request.end(body), bodyAfterMs);
    }
  });
}
