import type { Endpoint } from '@smtpeter-webhooks/verify';
import { directoryFiles } from '#verification-directory';
import type { Answer } from './answer.js';
import type { Complain } from './complaints.js';
import type { ReadFile } from './verification-directory.js';

/**
 * The vendor's verification files: the directory that they are in, as a path (relative to the working directory) or a
 * `file:` URL, or their contents by name where there is no disk.
 */
export type VerificationFilesOption = string | URL | Readonly<Record<string, string | Uint8Array>>;

/** Answers the vendor's look at the address: at the sibling of each callback URL, and at the root. */
export interface VerificationFiles {
  /**
   * The answer to a request for a file; undefined when there is no such file. Undefined at once when nothing of the
   * kind is asked for.
   */
  answer(method: string, target: string): Promise<Answer | undefined> | undefined;
}

/** The largest file that is served: 64 KiB. */
export const MAX_VERIFICATION_BYTES = 65_536;
/** As the vendor names them; nothing else is looked for. */
const NAME = /^smtpeter-[A-Za-z0-9_-]{1,200}\.txt$/;

/** @throws TypeError when the option is not a directory, nor names of the pattern with contents of 1 byte to 64 KiB. */
export function createVerificationFiles(
  option: VerificationFilesOption | undefined,
  endpoints: readonly Endpoint[],
  complain: Complain,
): VerificationFiles | undefined {
  if (option === undefined) return undefined;
  const read = readerOf(option, complain);
  const folders = new Set(['/', ...endpoints.flatMap((endpoint) => foldersOf(endpoint.url))]);
  return {
    answer(method, target) {
      if (method !== 'GET' && method !== 'HEAD') return undefined;
      const name = nameIn(folders, target);
      return name === undefined ? undefined : fileAnswer(read, name);
    },
  };
}

async function fileAnswer(read: ReadFile, name: string): Promise<Answer | undefined> {
  const body = await read(name);
  if (body === undefined) return undefined;
  const headers = {
    'Content-Type': 'text/plain',
    'X-Content-Type-Options': 'nosniff',
    // What is placed anew is seen at once.
    'Cache-Control': 'no-store',
  };
  return { status: 200, headers, body, close: false };
}

/** The name that is asked for in one of the folders; paths are compared as they came, so that no escape hides anything. */
function nameIn(folders: ReadonlySet<string>, target: string): string | undefined {
  const [whole = ''] = target.split('?', 1);
  // A proxy may be asked with the whole URL, and may pass it on so.
  const path = whole.startsWith('/') ? whole : whole.replace(/^https?:\/\/[^/]*/i, '');
  const cut = path.lastIndexOf('/') + 1;
  const name = path.slice(cut);
  return NAME.test(name) && folders.has(path.slice(0, cut)) ? name : undefined;
}

/** The folder of a URL's path, as it was typed and as a URL parser writes it. A URL that ends in `/` is its own. */
function foldersOf(url: string): string[] {
  if (!URL.canParse(url)) return []; // told elsewhere
  const typed = /^[a-z]+:\/\/[^/?#]*(\/[^?#]*)?/i.exec(url)?.[1] ?? '/';
  return [new URL(url).pathname, typed].map((path) => path.slice(0, path.lastIndexOf('/') + 1));
}

function readerOf(option: VerificationFilesOption, complain: Complain): ReadFile {
  if (option instanceof URL || typeof option === 'string')
    return directoryFiles(option, MAX_VERIFICATION_BYTES, complain);
  if (typeof option !== 'object' || option === null) {
    throw new TypeError('verificationFiles: give the directory that they are in, or { name: contents }.');
  }
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const [name, contents] of Object.entries(option)) {
    const bytes = typeof contents === 'string' ? new TextEncoder().encode(contents) : contents;
    if (!NAME.test(name)) {
      throw new TypeError(`verificationFiles: ${JSON.stringify(name)} is not a name like smtpeter-x1y2z.txt.`);
    }
    if (!(bytes instanceof Uint8Array) || bytes.length === 0 || bytes.length > MAX_VERIFICATION_BYTES) {
      throw new TypeError(`verificationFiles: the contents of ${name} must be 1 to ${MAX_VERIFICATION_BYTES} bytes.`);
    }
    files.set(name, Uint8Array.from(bytes));
  }
  return async (name) => files.get(name);
}
