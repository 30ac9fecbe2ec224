import { lookup as systemLookup } from 'node:dns';
import { readFile } from 'node:fs/promises';
import { isIP, type LookupFunction } from 'node:net';
import { color } from '../color.js';
import { exitCodes, Failure, misuse } from '../failure.js';
import { readUrl } from '../option-values.js';
import { safeText, terminalJson } from '../terminal-text.js';
import { examineEndpoint } from './endpoint.js';
import type { Finding } from './finding.js';
import { examineClock, examineDns, examineNode, examineVersions } from './machine.js';

export interface DoctorOptions {
  readonly dns?: string[];
  readonly clock: string;
  readonly resolve?: string[];
  readonly ca?: string;
  readonly httpPort: number;
  readonly json?: true;
}

/** Examines this machine, and an endpoint. @throws Failure */
export async function doctor(callback: string | undefined, options: DoctorOptions): Promise<void> {
  const clock = new URL(readUrl('--clock', options.clock));
  const url = callback === undefined ? undefined : new URL(readUrl('The callback URL', callback));
  const ca = options.ca === undefined ? undefined : await readAuthority(options.ca);
  const lookup = readResolve(options.resolve);
  const machine = [
    examineNode(),
    await examineClock(clock, { ca, timeoutMs: 5000 }),
    ...(await examineDns(options.dns)),
    await examineVersions(process.cwd()),
  ];
  const endpoint =
    url === undefined ? undefined : await examineEndpoint(url, { ca, lookup, httpPort: options.httpPort });
  const findings = [...machine, ...(endpoint?.findings ?? [])];
  const failed = findings.filter((one) => one.result === 'fail').length;
  const unreachable = endpoint?.reached === false;
  process.exitCode = unreachable ? exitCodes.impossible : failed > 0 ? exitCodes.no : exitCodes.done;
  if (options.json) {
    const failure = unreachable
      ? { code: 'ERR_UNREACHABLE', message: 'The endpoint does not answer.' }
      : { code: 'ERR_UNHEALTHY', message: `${failed} of ${findings.length} examinations failed.` };
    process.stdout.write(`${terminalJson({ ok: failed === 0, ...(failed > 0 && failure), findings })}\n`);
    return;
  }
  for (const one of findings) process.stdout.write(readable(one));
  process.stdout.write(failed === 0 ? 'Nothing must be mended.\n' : `${failed} to be mended.\n`);
}

function readable({ title, result, detail, fix }: Finding): string {
  const marks = {
    pass: color.green('pass'),
    warn: color.yellow('warn'),
    fail: color.red('FAIL'),
    skip: color.dim('skip'),
  };
  const first = `${marks[result]}  ${title}: ${safeText(detail)}\n`;
  return fix === null || result === 'pass' ? first : `${first}      ${fix}\n`;
}

async function readAuthority(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Failure(exitCodes.impossible, 'ERR_CA_FILE', `Cannot read ${path} (${code}).`);
  }
}

/** `host:port:ip`, as curl has it; the port is taken to be that of the URL. @throws Failure of misuse. */
function readResolve(list: readonly string[] | undefined): LookupFunction | undefined {
  if (list === undefined) return undefined;
  const known = new Map<string, string>();
  for (const one of list) {
    const match = /^([^:]+):\d{1,5}:\[?([^\]]+)\]?$/.exec(one);
    if (match === null || isIP(match[2] ?? '') === 0)
      throw misuse(`--resolve takes host:port:ip, not ${JSON.stringify(one.slice(0, 80))}.`);
    known.set((match[1] ?? '').toLowerCase(), match[2] ?? '');
  }
  return (hostname, options, callback) => {
    const address = known.get(hostname.toLowerCase());
    if (address === undefined) return systemLookup(hostname, options, callback);
    const family = isIP(address);
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}
