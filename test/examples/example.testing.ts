import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createTestKey,
  type KeyServer,
  type SampleKind,
  type SendOptions,
  sampleEvent,
  sendRequest,
  signRequest,
  startKeyServer,
} from '@smtpeter-webhooks/sender';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const preload = pathToFileURL(join(root, 'test/examples/preload-dns.mjs')).href;

export const id = 'environment-1234';
export const url = 'https://example.com/hooks/smtpeter';
export const key = createTestKey();
export const keyId = 'one._domainkey.copernica.com';

let number = 0;
/** A genuine call, of an event of its own. */
export const genuine = (kind: SampleKind = 'open', fields: Parameters<typeof sampleEvent>[1] = {}) =>
  signRequest({ url, id, key, keyId, event: sampleEvent(kind, fields, { number: ++number }) });
/** The same, signed with a key that is not the vendor's. */
export const forgery = () => signRequest({ url, id, key: createTestKey(), keyId, event: sampleEvent('open') });

/** The DNS server that has the vendor's key. */
export const startVendorDns = (): Promise<KeyServer> => startKeyServer({ records: { [keyId]: [key.dkimRecord] } });

/** A process of an example that listens. */
export interface RunningExample {
  readonly to: string;
  /** What it printed so far. */
  output(): string;
  /** Resolves once it has printed this. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly dns: KeyServer;
  readonly cwd: string;
  /** The program and its arguments; default Node.js with `server.js`. */
  readonly command?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** What it prints once it listens; the first group is the port. */
  readonly ready?: RegExp;
}

const WAIT_MS = 60_000;

/** Starts an example on a free port, as its README says, with the test's DNS server for the machine's. */
export async function startExample(options: StartOptions): Promise<RunningExample> {
  const { dns, cwd, env = {}, ready = /listening on port (\d+)/ } = options;
  const [program = '', ...args] = options.command ?? [process.execPath, '--import', preload, 'server.js'];
  const child = spawn(program, args, {
    cwd,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      PORT: '0',
      WEBHOOK_ID: id,
      WEBHOOK_URL: url,
      TEST_DNS_SERVER: dns.server,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const waiting = new Set<() => void>();
  const take = (chunk: Buffer) => {
    text += chunk.toString();
    for (const look of [...waiting]) look();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const finish = (outcome: RegExpExecArray | Error) => {
        clearTimeout(timer);
        waiting.delete(look);
        child.off('exit', gone);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      };
      const look = () => {
        const match = pattern.exec(text);
        if (match !== null) finish(match);
      };
      const gone = () => finish(new Error(`It ended before it printed ${pattern}:\n${text}`));
      const timer = setTimeout(() => finish(new Error(`It did not print ${pattern}:\n${text}`)), WAIT_MS);
      waiting.add(look);
      child.once('exit', gone);
      look();
    });
  try {
    const [, port] = await printed(ready);
    return { to: `http://127.0.0.1:${port}`, output: () => text, printed, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}

/** One genuine call and one forgery; gives the answers' statuses. */
export async function callBoth(
  to: string,
  connection: Pick<SendOptions, 'ca'> = {},
): Promise<readonly [genuine: number, forgery: number]> {
  const options = { to, ...connection };
  const answers = [await sendRequest(genuine(), options), await sendRequest(forgery(), options)];
  return [answers[0]?.status ?? 0, answers[1]?.status ?? 0];
}
