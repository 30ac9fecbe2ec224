import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchFolder, peerVersion } from '../peers.js';
import { ratioOf } from '../rounds.js';
import type { Goal, Row, Table } from '../table.js';

interface Start {
  readonly what: string;
  readonly kind: Row['kind'];
  readonly args: readonly string[];
  readonly goal?: Goal;
}

const cli = fileURLToPath(new URL('../../../packages/cli/bin/smtpeter-webhooks.cjs', import.meta.url));
const base = 'node -e 0';

/** How long the command line takes to start, and how much `npm ci` brings. */
export async function startupPart(seconds: number): Promise<readonly Table[]> {
  const missing: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'startup-'));
  const file = join(folder, 'smtpeter-x1y2z.txt');
  writeFileSync(file, 'x');
  const starts: Start[] = [
    { what: base, kind: 'base', args: ['-e', '0'] },
    { what: 'smtpeter-webhooks --help', kind: 'ours', args: [cli, '--help'], goal: { atMost: 1.4 } },
    { what: 'smtpeter-webhooks --version', kind: 'ours', args: [cli, '--version'], goal: { atMost: 1.4 } },
    {
      what: 'smtpeter-webhooks place',
      kind: 'ours',
      args: [cli, 'place', file, '--directory', folder, '--dry-run'],
      goal: { atMost: 1.4 },
    },
  ];
  const peer = (name: string, what: string, args: readonly string[]) => {
    if (peerVersion(name) === undefined) missing.push(`${name} is not installed`);
    else starts.push({ what, kind: 'peer', args });
  };
  peer('commander', 'import of commander alone', [
    '--input-type=module',
    '-e',
    `import '${benchFolder}node_modules/commander/esm.mjs'`,
  ]);
  peer('smee-client', 'smee --help', [`${benchFolder}node_modules/smee-client/bin/smee.js`, '--help']);
  const rounds = Math.max(3, Math.round(seconds * 10));
  const times = new Map(starts.map(({ what }) => [what, [] as number[]]));
  for (const start of starts) run(start.args);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < starts.length; i++) {
      const start = starts[(i + round) % starts.length] as Start;
      times.get(start.what)?.push(run(start.args));
    }
  }
  rmSync(folder, { recursive: true });
  return [
    {
      title: 'Starting the command line',
      ratioOf: `Time from start to end of the process, to ${base}; ${rounds} rounds. Lower is better.`,
      rows: starts.map(({ what, kind, goal }) => ({
        what,
        kind,
        goal,
        ratio: ratioOf(times.get(what) ?? [], times.get(base) ?? []),
      })),
      missing,
      note: `npm ci at the top installs ${packages('../../../package-lock.json')} packages; the peers of this bench would be ${packages('../../package-lock.json')} more.`,
    },
  ];
}

function run(args: readonly string[]): number {
  const started = performance.now();
  const done = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (done.status !== 0) throw new Error(`${args.join(' ')} ended with ${done.status}.`);
  return performance.now() - started;
}

/** How many packages a lock file names that are not our own. */
function packages(lockFile: string): string {
  try {
    const lock = JSON.parse(readFileSync(new URL(lockFile, import.meta.url), 'utf8'));
    const all = Object.keys(lock.packages).filter(
      (path) => path.includes('node_modules/') && lock.packages[path].link !== true,
    );
    return String(all.length);
  } catch {
    return 'an unknown number of';
  }
}
