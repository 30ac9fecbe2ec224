import { randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Processes of one machine, as far as they can see each other. */
const place = `${hostname().replaceAll('/', '_')}/${processNamespace()}`;
const here = `${place}/${process.pid}/${randomBytes(6).toString('hex')}`;
let workers = 0;

/** A name for a worker: where it runs, in which process, which one. */
export function ownerName(): string {
  return `${here}/${++workers}`;
}

/**
 * True when the process of an owner has surely ended: it ran on this machine, and is there no more. Of other machines
 * nothing is known; their leases run out.
 */
export function isGone(owner: string): boolean {
  const parts = owner.split('/');
  if (parts.length !== 5 || `${parts[0]}/${parts[1]}` !== place) return false;
  const pid = Number(parts[2]);
  if (!Number.isInteger(pid) || pid < 1) return false;
  if (pid === process.pid) return parts[3] !== here.split('/')[3];
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

/** Containers of one host name may not see each other's processes; Linux tells them apart. */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replaceAll('/', '_');
  } catch {
    return process.platform;
  }
}
