import { SendError, type SignedCall, sendRequest, signRequest, type TestKey } from '@smtpeter-webhooks/sender';
import { type CapturedCall, headerOf, headerPairs } from '../captured/captured-call.js';
import { readCaptured } from '../captured/read-captured.js';
import { color as pc } from '../color.js';
import { exitCodes, misuse } from '../failure.js';
import { readPrivateKey } from '../keys/private-key-file.js';
import { readUrl } from '../option-values.js';
import { safeText, terminalJson } from '../terminal-text.js';

export interface ReplayOptions {
  readonly to: string;
  readonly key?: string;
  readonly keyId?: string;
  readonly id?: string;
  readonly as?: string;
  readonly json?: true;
}

/** How one captured call was answered. */
interface Replayed {
  readonly captured: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number | null;
}

/** Sends captured calls, one after the other. @throws Failure */
export async function replay(captured: readonly string[], options: ReplayOptions): Promise<void> {
  const to = readUrl('--to', options.to);
  const sign = await signer(options);
  // All are read before the first is sent: a slip in the third name must not leave half of them sent.
  const calls: [string, SignedCall][] = [];
  for (const source of captured) calls.push([source, sign(await readCaptured(source), to)]);
  const results: Replayed[] = [];
  for (const [source, call] of calls) {
    const result = await sendOne(source, call, to);
    results.push(result);
    if (!options.json) process.stdout.write(`${readable(result)}\n`);
  }
  const failed = results.filter((one) => one.status === null).length;
  const refused = results.filter((one) => one.status !== null && (one.status < 200 || one.status > 299)).length;
  process.exitCode = failed > 0 ? exitCodes.impossible : refused > 0 ? exitCodes.no : exitCodes.done;
  if (options.json) process.stdout.write(`${terminalJson(document(results, failed, refused))}\n`);
}

function document(results: readonly Replayed[], failed: number, refused: number): Record<string, unknown> {
  if (failed > 0) {
    return {
      ok: false,
      code: 'ERR_NOT_ANSWERED',
      message: `${failed} of ${results.length} calls were not answered.`,
      results,
    };
  }
  if (refused > 0) {
    return { ok: false, code: 'ERR_REFUSED', message: `${refused} of ${results.length} calls were refused.`, results };
  }
  return { ok: true, results };
}

function readable({ captured, status, error, durationMs }: Replayed): string {
  const answer =
    status === null ? pc.red(error ?? '') : status < 300 ? pc.green(String(status)) : pc.red(String(status));
  return `${safeText(captured)} ${answer}${durationMs === null ? '' : ` in ${durationMs} ms`}`;
}

async function sendOne(captured: string, call: SignedCall, to: string): Promise<Replayed> {
  try {
    // A call that came through a proxy says so itself; one that did not gets what the proxy of --to would add.
    const said = call.headers.some(([name]) => name.toLowerCase() === 'x-forwarded-proto');
    const { status, durationMs } = await sendRequest(call, { to, forwardedProto: !said });
    return { captured, status, error: null, durationMs: Math.round(durationMs * 100) / 100 };
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    return { captured, status: null, error: error.code, durationMs: null };
  }
}

/** Belong to the connection that the call came over, or say how it was cut up there. */
const ofConnection = /^(connection|keep-alive|proxy-connection|expect|upgrade|te|transfer-encoding)$/i;

async function signer(options: ReplayOptions): Promise<(call: CapturedCall, to: string) => SignedCall> {
  const { key, keyId, id, as } = options;
  if (key === undefined) {
    const alone = [keyId && '--key-id', id && '--id', as && '--as'].find((one) => one !== undefined && one !== '');
    if (alone !== undefined) throw misuse(`${alone} goes with --key: without one a call is sent as it was.`);
    return (call) => asItWas(call);
  }
  if (keyId === undefined) throw misuse('--key goes with --key-id, the name of the key in DNS.');
  const url = as === undefined ? undefined : readUrl('--as', as);
  const pem = await readPrivateKey(key);
  return (call) => afresh(call, { key: pem, keyId, id, url });
}

function asItWas({ method, target, headers, body, secure }: CapturedCall): SignedCall {
  const lines = headerPairs(headers).filter(([name]) => !ofConnection.test(name));
  const chunked = lines.every(([name]) => name.toLowerCase() !== 'content-length');
  if (chunked) lines.push(['Content-Length', String(body.length)]);
  const scheme = secure === false ? 'http' : 'https';
  return { method, target, url: `${scheme}://${hostOf(headers)}${target}`, headers: lines, body };
}

function afresh(
  call: CapturedCall,
  { key, keyId, id, url }: { key: TestKey; keyId: string; id: string | undefined; url: string | undefined },
): SignedCall {
  const identity = id ?? headerOf(call, 'x-copernica-id');
  if (identity === undefined) throw misuse('The captured call has no X-Copernica-ID: give --id.');
  const contentType = headerOf(call, 'content-type');
  return signRequest({
    url: url ?? `${call.secure === false ? 'http' : 'https'}://${hostOf(call.headers)}${call.target}`,
    id: identity,
    key,
    keyId,
    method: call.method,
    body: call.body,
    ...(contentType !== undefined && { contentType }),
  });
}

/** @throws Failure of misuse when it is not a host. */
function hostOf(headers: readonly string[]): string {
  const host = headerOf({ headers }, 'host')?.trim() ?? '';
  if (URL.canParse(`https://${host}/`) && host !== '') return host;
  throw misuse('The captured call has no Host that can be used: give --key, --key-id and --as.');
}
