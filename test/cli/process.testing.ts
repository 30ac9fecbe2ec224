import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type KeyServer, startKeyServer } from '@smtpeter-webhooks/sender';
import { atEnd, key, keyId } from '../vendor.testing.js';

/** The built command, as it is installed. */
export const bin = fileURLToPath(new URL('../../packages/cli/bin/smtpeter-webhooks.cjs', import.meta.url));

/** How a run ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One line of NDJSON. */
export type Line = { readonly line?: string; readonly [name: string]: unknown };

/** A command that is running. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The lines of stdout so far, each read as JSON. */
  readonly lines: () => Line[];
  /** Resolves with the first line that fits, now or later. Rejects when the command ends without one. */
  line(name: string, nth?: number): Promise<Line>;
  /** Resolves once stdout and stderr together hold the text. */
  says(text: string): Promise<void>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly input?: string | Uint8Array;
  readonly node?: readonly string[];
}

/** Starts the command as a process of its own; it is ended with the test. */
export function start(args: readonly string[], options: RunOptions = {}): Running {
  const child = spawn(process.execPath, [...(options.node ?? []), bin, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  atEnd(() => child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  child.stdin.end(options.input);
  const texts = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  const look = () => {
    for (const watcher of watchers) watcher();
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8');
    child[name].on('data', (text: string) => {
      texts[name] += text;
      look();
    });
  }
  let over = false;
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => {
      over = true;
      resolve({ code, signal, ...texts });
      look();
    });
  });
  const lines = () =>
    texts.stdout
      .split('\n')
      .slice(0, -1)
      .map((one) => JSON.parse(one) as Line);
  const until = <T>(what: string, find: () => T | undefined) =>
    new Promise<T>((resolve, reject) => {
      const watcher = () => {
        const found = find();
        if (found === undefined && !over) return;
        watchers.delete(watcher);
        if (found !== undefined) resolve(found);
        else reject(new Error(`The command ended without ${what}.\n${texts.stdout}\n${texts.stderr}`));
      };
      watchers.add(watcher);
      watcher();
    });
  return {
    child,
    ended,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    lines,
    line: (name, nth = 1) => until(`a line ${name}`, () => lines().filter((one) => one.line === name)[nth - 1]),
    says: (text) =>
      until(JSON.stringify(text), () => ((texts.stdout + texts.stderr).includes(text) ? true : undefined)).then(
        () => {},
      ),
  };
}

/** Runs the command to its end. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return start(args, options).ended;
}

/** An empty directory, until the end of the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'smtpeter-cli-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The test key as a file. */
export function keyFile(pem: string = key.privateKeyPem): string {
  const file = join(emptyFolder(), 'key.pem');
  writeFileSync(file, pem, { mode: 0o600 });
  return file;
}

/** A real DNS server that publishes the test key, until the end of the test. */
export async function keyServer(records: Parameters<KeyServer['set']>[1] = [key.dkimRecord]): Promise<KeyServer> {
  const server = await startKeyServer({ records: { [keyId]: records } });
  atEnd(() => server.close());
  return server;
}
