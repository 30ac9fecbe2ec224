import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, unlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { OpenDirectory } from './open-directory.js';

/** `.smtpeter-webhooks-<machine>-<process>-<its start>-<random>.tmp` */
const pattern = /^\.smtpeter-webhooks-([0-9a-f]{12})-(\d{1,10})-(\d{1,20})-[0-9a-f]{12}\.tmp$/;
/** Processes of another machine or container cannot be looked at; a run takes a second. */
const OLD_MS = 3_600_000;

/** A name for a temporary file that tells which process it belongs to. */
export function temporaryName(): string {
  return `.smtpeter-webhooks-${machine()}-${process.pid}-${startOf(process.pid) ?? 0}-${randomBytes(6).toString('hex')}.tmp`;
}

/** Removes what runs that were killed have left in a directory. What belongs to a live one stays. */
export function removeLitter(directory: OpenDirectory): void {
  let names: string[];
  try {
    names = readdirSync(directory.at());
  } catch {
    return; // without the right to list
  }
  for (const name of names) {
    const match = pattern.exec(name);
    if (match === null) continue;
    const [, owner = '', pid = '', start = ''] = match;
    try {
      const stats = lstatSync(directory.at(name));
      const dead = owner === machine() ? !isAlive(Number(pid), start) : Date.now() - stats.mtimeMs > OLD_MS;
      if (stats.isFile() && dead) unlinkSync(directory.at(name));
    } catch {
      // Gone meanwhile, or not ours to remove.
    }
  }
}

/** Numbers of processes mean something only within one boot of one machine, and one container. */
function machine(): string {
  const parts = [hostname(), quiet(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1')), namespace()];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}

function namespace(): string | undefined {
  return quiet(() => readlinkSync('/proc/self/ns/pid'));
}

function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and another user's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  // The number may be another process's by now.
  const now = startOf(pid);
  return now === undefined || start === '0' || now === start;
}

/** When a process was started, on Linux; `dead` for one that has ended and that nobody has collected. */
function startOf(pid: number): string | undefined {
  const stat = quiet(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  if (stat === undefined) return undefined;
  // Field 2, the name in brackets, may hold anything. Field 3 is the state, field 22 the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? 'dead' : fields[19];
}

function quiet<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
