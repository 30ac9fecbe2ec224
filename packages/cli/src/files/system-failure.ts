import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { type Failure, type FailureOptions, impossible } from '../failure.js';

/** The system's code of an error, `ENOENT` for instance; empty for other errors. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What the system refused, in words, with a stable code. The path is the one that people know. */
export function systemFailure(doing: string, path: string, error: unknown, options: FailureOptions = {}): Failure {
  const code = systemCode(error);
  const [stable, why, hint] = describe(code, path);
  const words = `Cannot ${doing} ${path}: ${why}${code === '' ? '' : ` (${code})`}.`;
  return impossible(stable, words, { hint, ...options, cause: error });
}

function describe(code: string, path: string): [code: string, why: string, hint: string | undefined] {
  switch (code) {
    case 'ENOENT':
      return ['ERR_NOT_FOUND', 'it is not there', undefined];
    case 'ENOTDIR':
      return ['ERR_NOT_FOUND', 'a part of its path is not a directory', undefined];
    case 'EACCES':
    case 'EPERM':
      return ['ERR_ACCESS', `missing rights${whose(path)}`, 'Run it as the user whom the directory belongs to.'];
    case 'EROFS':
      return [
        'ERR_READ_ONLY',
        'the file system is read-only',
        'Place the file where the site is built or deployed from.',
      ];
    case 'ENOSPC':
      return ['ERR_DISK_FULL', 'the disk is full', 'Make room, and try again. Nothing was left behind.'];
    case 'EDQUOT':
      return ['ERR_DISK_FULL', 'the disk quota is used up', 'Make room, and try again. Nothing was left behind.'];
    case 'ENAMETOOLONG':
      return ['ERR_NAME_TOO_LONG', 'the path is too long', undefined];
    case 'ELOOP':
      return ['ERR_LINK_LOOP', 'its links lead in a circle', undefined];
    default:
      return ['ERR_FILE_SYSTEM', 'the system refused', undefined];
  }
}

/** Who may, and who we are: of the path, or of the nearest directory above it that can be looked at. */
function whose(path: string): string {
  if (process.getuid === undefined) return '';
  for (let at = path; ; at = dirname(at)) {
    try {
      const { uid, mode } = statSync(at);
      return `: ${at} belongs to user ${uid}, with mode ${(mode & 0o7777).toString(8).padStart(4, '0')}, and this runs as ${me()}`;
    } catch {
      if (dirname(at) === at) return '';
    }
  }
}

function me(): string {
  try {
    return `${userInfo().username} (${process.getuid?.()})`;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}
