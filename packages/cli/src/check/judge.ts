import { sha256Of } from '../files/existing-file.js';
import { otherKindOf } from '../place/content-kind.js';
import type { Sight } from './look.js';

/** How a look ended. */
export type Result =
  | 'match'
  | 'found'
  | 'differs'
  | 'not-found'
  | 'redirect'
  | 'forbidden'
  | 'server-error'
  | 'too-large'
  | 'timeout'
  | 'unreachable'
  | 'tls-error';

/** What was found at one URL: with `url`, an entry of the `candidates` that `--json` prints. */
export interface Finding {
  readonly status: number | null;
  readonly result: Result;
  /** What was found, the likely cause, and what to do; one line. */
  readonly detail: string;
}

/** Says what a sight means for the vendor's look. Without `expected` only that something is there is told. */
export function judge(url: URL, sight: Sight, expected: Buffer | undefined): Finding {
  if (sight.kind !== 'answer') return { status: null, result: sight.kind, detail: networkDetail(url, sight) };
  const { status } = sight;
  const finding = (result: Result, detail: string): Finding => ({ status, result, detail });
  if (status >= 300 && status < 400) return finding('redirect', redirectDetail(url, sight.location));
  if (status === 401 || status === 407) {
    return finding('forbidden', 'The server asks for a log-in: let this one path be read without.');
  }
  if (status === 403) {
    return finding(
      'forbidden',
      'The server refuses to give it: look at its access rules, and at the rights of the file (0644) and of the directories above it (0755).',
    );
  }
  if (status === 404 || status === 410)
    return finding(
      'not-found',
      'It is not there: place it, rebuild and deploy if the site is built, and look whether this is the host that serves it.',
    );
  if (status >= 500)
    return finding(
      'server-error',
      `The server failed (${status}): its log says why. In a cgi-bin it may have tried to run the file.`,
    );
  if (status >= 400) return finding('not-found', `The server refused the request (${status}).`);
  if (sight.tooLarge) return finding('too-large', 'More than 64 KiB came: something else is served at that URL.');
  if (status !== 200) return finding('differs', `The server answered with status ${status} in place of 200.`);
  return body(sight.body, sight.encoding, expected, finding);
}

function body(
  found: Buffer,
  encoding: string | undefined,
  expected: Buffer | undefined,
  finding: (result: Result, detail: string) => Finding,
): Finding {
  if (encoding !== undefined && encoding !== 'identity') {
    return finding(
      'differs',
      `It came compressed (${encoding}), though that was not asked for: switch that off for this file.`,
    );
  }
  if (expected?.equals(found)) return finding('match', 'It is there, byte for byte.');
  const other = otherKindOf(found);
  if (found.length > 0 && other?.startsWith('HTML')) return finding('differs', htmlDetail(found.toString('latin1')));
  if (other !== undefined) return finding('differs', `What came is ${other}, not the file.`);
  if (expected === undefined)
    return finding('found', 'It is there; its contents were not compared, as there is no --file.');
  return finding('differs', differenceDetail(found, expected));
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

function differenceDetail(found: Buffer, expected: Buffer): string {
  const again = 'place the file as it was downloaded';
  if (found.equals(Buffer.concat([BOM, expected])))
    return `A BOM (EF BB BF) was added at the start, as some editors do: ${again}.`;
  if (expected.equals(Buffer.concat([BOM, found]))) return `The BOM (EF BB BF) at the start was removed: ${again}.`;
  const ends = (bytes: Buffer) => bytes.toString('latin1').replace(/\r\n?/g, '\n');
  if (ends(found) === ends(expected))
    return `The line ends were changed (CRLF and LF), as FTP in text mode and git do: ${again}, in binary mode.`;
  const trimmed = (bytes: Buffer) => bytes.toString('latin1').trim();
  if (trimmed(found) === trimmed(expected))
    return `White space at its start or end was added or removed, as editors do: ${again}.`;
  if (
    ends(found)
      .replace(/^\xef\xbb\xbf/, '')
      .trim() ===
    ends(expected)
      .replace(/^\xef\xbb\xbf/, '')
      .trim()
  ) {
    return `A BOM and the line ends were changed, as some editors do: ${again}.`;
  }
  if (expected.subarray(0, found.length).equals(found))
    return `Only its first ${found.length} of ${expected.length} bytes came: ${again}.`;
  if (found.subarray(0, expected.length).equals(expected))
    return 'Something was added at its end, by the server or a script: serve it as it is.';
  if (found.includes(expected)) return 'Something was added around it, by the server or a template: serve it as it is.';
  return `Another content is there (sha256 ${sha256Of(found)}, expected ${sha256Of(expected)}): of another webhook, an older one, or from a cache.`;
}

function htmlDetail(page: string): string {
  if (
    /<input[^<>]+type=["']?password/i.test(page) ||
    /<title>[^<]*(log\s?in|sign\s?in|inloggen|anmelden)/i.test(page)
  ) {
    return 'HTML came instead, a log-in page: let this one path be read without a log-in.';
  }
  return 'HTML came instead, a page of the site: it answers every path with a page (a single-page application, a friendly error). Serve the file before that.';
}

function redirectDetail(url: URL, location: string | undefined): string {
  const to = location !== undefined && URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (to === undefined)
    return 'It redirects, to nowhere that can be read. The vendor is not known to follow redirects.';
  const where = `It redirects to ${to.href.slice(0, 500)}`;
  if (/log-?in|sign-?in|sso|oauth|auth/i.test(to.pathname))
    return `${where}, a log-in page: let this one path be read without.`;
  if (to.host === url.host && to.protocol === 'https:' && url.protocol === 'http:')
    return `${where}: use the https URL as callback URL.`;
  if (to.hostname.replace(/^www\./, '') === url.hostname.replace(/^www\./, '') && to.pathname === url.pathname) {
    return `${where}: use that host in the callback URL, or serve the file without a redirect.`;
  }
  return `${where}. The vendor is not known to follow redirects: serve the file at this very URL.`;
}

function networkDetail(url: URL, { kind, code, message }: Exclude<Sight, { kind: 'answer' }>): string {
  if (kind === 'timeout')
    return `The server did not answer in time (${message}): a firewall, or a server that is busy.`;
  if (kind === 'tls-error') return `${tlsDetail(code, message)} (${code}).`;
  switch (code) {
    case 'ENOTFOUND':
      return `DNS has no address for ${url.hostname} (${code}): look for a slip in the name.`;
    case 'EAI_AGAIN':
      return `DNS could not be asked for ${url.hostname} (${code}): try again, or look at the network of this machine.`;
    case 'ECONNREFUSED':
      return `Nothing listens at ${url.host} (${code}): is the web server running, and is the port right?`;
    default:
      return `The connection failed: ${message}${code === '' || message.includes(code) ? '' : ` (${code})`}.`;
  }
}

function tlsDetail(code: string, message: string): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return 'The certificate has expired: renew it';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'The certificate is for another host';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return 'The certificate is self-signed: get one that is trusted everywhere, or give --ca for a private authority';
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
      return 'The certificate is of an authority that is not known, or the server leaves out intermediate certificates';
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return 'The server does not speak TLS at that port';
    default:
      return `TLS failed: ${message}`;
  }
}
