import { lookup } from 'node:dns/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { examination, type Finding } from './finding.js';
import { type Probed, ProbeError, type ProbeOptions, probe } from './probe.js';
import { tlsTrouble } from './tls-trouble.js';

/** How the endpoint is reached. */
export interface Reach extends Pick<ProbeOptions, 'lookup' | 'ca'> {
  readonly httpPort: number;
}

const LARGE = 5 * 1024 * 1024;
const small = Buffer.from('{"type":"open","id":"examination"}');
const json = { 'Content-Type': 'application/json' };

/**
 * Examines an endpoint from outside, with calls that nobody signed.
 *
 * @returns what was found; `reached` is false when nothing at all came back.
 */
export async function examineEndpoint(url: URL, reach: Reach): Promise<{ findings: Finding[]; reached: boolean }> {
  const { lookup: find, ca } = reach;
  const findings: Finding[] = [await examineAddress(url, reach)];
  let verifyTls = true;
  const post = (options: ProbeOptions = {}) =>
    probe(url, { headers: json, body: small, lookup: find, ca, verifyTls, ...options });
  let first = await post().catch((error: ProbeError) => error);
  if (first instanceof ProbeError && url.protocol === 'https:') {
    const trouble = tlsTrouble(first.code);
    if (trouble !== undefined) {
      findings.push(trouble);
      // What else is wrong can be seen all the same.
      verifyTls = false;
      first = await post().catch((error: ProbeError) => error);
    }
  } else if (!(first instanceof ProbeError)) findings.push(examineTls(url, first));
  if (first instanceof ProbeError) {
    const { fail } = examination('reach', 'The endpoint answers');
    return {
      findings: [...findings, fail(first.code, 'Look at the address, the port, and firewalls in between.')],
      reached: false,
    };
  }
  findings.push(examineUnsigned(first));
  const bytes = await post({ headers: { 'Content-Type': 'application/octet-stream' } }).catch(() => undefined);
  findings.push(examineBodyParser(first, bytes));
  findings.push(examineGet(await probe(url, { method: 'GET', lookup: find, ca, verifyTls }).catch(() => undefined)));
  if (url.protocol === 'https:') findings.push(await examinePlain(url, reach));
  findings.push(
    examineLarge(
      await post({ body: Buffer.alloc(LARGE, 0x20), bodyAfterMs: 500, timeoutMs: 60_000 }).catch(
        (error: ProbeError) => error,
      ),
    ),
  );
  findings.push(await examineKeepAlive(url, post));
  return { findings, reached: true };
}

const inside = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const) {
  inside.addSubnet(net, bits);
}
inside.addSubnet('fc00::', 7, 'ipv6');
inside.addSubnet('fe80::', 10, 'ipv6');
inside.addAddress('::1', 'ipv6');

async function examineAddress(url: URL, { lookup: find }: Reach): Promise<Finding> {
  const { pass, warn, fail } = examination('address', 'The host has a public address');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  try {
    const addresses =
      find === undefined
        ? (await lookup(host, { all: true })).map((one) => one.address)
        : await new Promise<string[]>((resolve, reject) =>
            find(host, { all: true }, (error, found) =>
              error === null
                ? resolve([found].flat().map((one) => (typeof one === 'string' ? one : one.address)))
                : reject(error),
            ),
          );
    const hidden = addresses.filter((one) => inside.check(one, isIP(one) === 6 ? 'ipv6' : 'ipv4'));
    if (hidden.length === 0) return pass(addresses.join(', '));
    return warn(hidden.join(', '), 'The vendor cannot reach this address; fine on a machine of your own.');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
    return fail(`${host}: ${code}`, 'Look at the DNS records of the host.');
  }
}

function examineTls(url: URL, { validTo }: Probed): Finding {
  const { pass, warn } = examination('tls', 'The certificate and its chain hold');
  if (url.protocol !== 'https:')
    return warn('the URL is plain HTTP', 'Serve it over HTTPS: calls can be read on the way.');
  if (validTo === undefined) return pass('verified');
  const days = Math.floor((validTo.getTime() - Date.now()) / 86_400_000);
  const detail = `verified, until ${validTo.toISOString().slice(0, 10)}`;
  return days < 14 ? warn(`${detail}: ${days} days`, 'See that it is renewed.') : pass(detail);
}

/** What an endpoint says to a call that nobody signed tells most about it. */
function examineUnsigned({ status, headers }: Probed): Finding {
  const { pass, warn, fail } = examination('unsigned', 'An unsigned call is refused');
  if (status >= 300 && status < 400) {
    const to = String(headers.location ?? 'nowhere');
    return fail(
      `${status}, a redirect to ${to}`,
      'Type the final URL into the dashboard: calls are signed for one URL, and may not be sent on.',
    );
  }
  if (status >= 200 && status < 300) {
    return fail(String(status), 'Anyone can send events: verify the signature before anything else.');
  }
  const ours = /^Signature /.test(headers['www-authenticate'] ?? '') ? '401, with what must be signed' : String(status);
  const known: Readonly<Record<number, () => Finding>> = {
    401: () => pass(ours),
    403: () => warn('403', 'If this is our middleware, it does not know that a proxy ends TLS: see trust proxy.'),
    404: () => fail('404', 'Nothing is served there: compare the path with the one in the code, letter by letter.'),
    405: () => fail('405', 'POST is not taken there.'),
    413: () => fail('413', 'Even small bodies are too large for something on the way.'),
    421: () =>
      fail('421', 'The server does not know this Host: compare url with the dashboard, or let the proxy keep Host.'),
    429: () => warn('429', 'A limit on calls was hit: the vendor calls often.'),
  };
  return (
    known[status]?.() ??
    (status >= 500
      ? fail(String(status), 'See the log of the server; and the next lines.')
      : warn(String(status), 'Our middleware answers 401.'))
  );
}

/** A parser that takes JSON leaves other types alone: then the answers differ. */
function examineBodyParser(first: Probed, bytes: Probed | undefined): Finding {
  const { pass, fail, skip } = examination('body-parser', 'No body parser is mounted first');
  if (bytes === undefined) return skip('no answer');
  const fix = 'Mount webhooks() before express.json() and every other body parser (ERR_BODY_CONSUMED in the log).';
  if (first.status === 500 && bytes.status === 401) return fail('JSON gets 500, other bytes 401', fix);
  return first.status === bytes.status
    ? pass(`JSON and other bytes get ${first.status} alike`)
    : skip(`JSON gets ${first.status}, other bytes ${bytes.status}`);
}

function examineGet(answer: Probed | undefined): Finding {
  const { pass, fail, skip } = examination('get', 'A GET is not answered 200');
  if (answer === undefined) return skip('no answer');
  return answer.status === 200
    ? fail('200', 'Something else than the webhook is served there, a page for instance.')
    : pass(String(answer.status));
}

async function examinePlain(url: URL, { httpPort, lookup: find }: Reach): Promise<Finding> {
  const { pass, fail } = examination('plain-http', 'Plain HTTP is not answered 200');
  const plain = new URL(url);
  plain.protocol = 'http:';
  plain.port = String(httpPort);
  const answer = await probe(plain, { headers: json, body: small, lookup: find }).catch((error: ProbeError) => error);
  if (answer instanceof ProbeError) return pass(`no answer (${answer.code})`);
  const { status } = answer;
  return status >= 200 && status < 300
    ? fail(String(status), 'Refuse plain HTTP at the webhook.')
    : pass(String(status));
}

function examineLarge(answer: Probed | ProbeError): Finding {
  const { pass, warn, fail } = examination('large-body', 'A call of 5 MiB gets through');
  if (answer instanceof ProbeError)
    return warn(`no answer (${answer.code})`, 'Something closes the connection while a large body is sent.');
  if (answer.status === 413) {
    return fail('413', 'A bounce carries a whole message: allow 5 MiB (nginx: client_max_body_size 5m).');
  }
  return pass(String(answer.status));
}

async function examineKeepAlive(url: URL, post: (options: ProbeOptions) => Promise<Probed>): Promise<Finding> {
  const { pass, warn, skip } = examination('keep-alive', 'A connection is kept open for the next call');
  const agent = new (url.protocol === 'https:' ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 1 });
  try {
    await post({ agent });
    return (await post({ agent })).reused
      ? pass('kept')
      : warn('closed after each call', 'Many calls come at once: let connections be kept.');
  } catch {
    return skip('no answer');
  } finally {
    agent.destroy();
  }
}
