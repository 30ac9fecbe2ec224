import { mkdirSync, readdirSync, readFileSync, realpathSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Failure } from '../../packages/cli/src/failure.js';
import { placeFile } from '../../packages/cli/src/place/place.js';
import { emptyFolder } from '../cli/process.testing.js';

/** Everything below a folder: what it is, and its contents. */
function snapshot(folder: string, leaveOut: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (relative(folder, path).split('/')[0] === leaveOut) continue;
    const text = entry.isFile() ? readFileSync(path, 'latin1') : '';
    found.set(
      path,
      `${entry.isSymbolicLink()} ${entry.isDirectory()} ${statSync(path, { throwIfNoEntry: false })?.mode} ${text}`,
    );
  }
  return found;
}

const pieces = fc.constantFrom(
  '..',
  '.',
  '/',
  '\\',
  '%2e',
  '%2E%2e',
  '%2f',
  '%5c',
  '%00',
  '%252e',
  '%c0%ae',
  'a',
  'out',
  'in',
  'smtpeter-a',
  '.txt',
  ' (1)',
  '\0',
  '\n',
  ':',
  '~',
  '*',
  '\u202e',
  'é',
  '//',
  ' ',
);
const hostile = fc.oneof(
  fc.array(pieces, { maxLength: 10 }).map((all) => all.join('')),
  fc.string({ maxLength: 20 }),
);

it('whatever name and path it is given, nothing outside the target is made or changed', async () => {
  const folder = realpathSync(emptyFolder());
  const root = join(folder, 'html');
  for (const name of ['html', 'outside', 'downloads', 'html/real']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'outside', 'precious.txt'), 'precious');
  symlinkSync('../outside', join(root, 'out'));
  symlinkSync('real', join(root, 'in'));
  symlinkSync(join(folder, 'outside', 'precious.txt'), join(root, 'smtpeter-a.txt'));
  const download = join(folder, 'downloads', 'smtpeter-a.txt');
  writeFileSync(download, 'contents');
  const before = snapshot(folder, 'html');
  let placed = 0;
  await fc.assert(
    fc.asyncProperty(hostile, fc.option(hostile, { nil: undefined }), fc.boolean(), async (path, name, force) => {
      try {
        const options = {
          webroot: root,
          url: `https://example.com/${path}`,
          ...(name !== undefined && { name: `${name}.txt` }),
          ...(force && { force: true as const }),
        };
        const outcome = await placeFile(download, options);
        placed++;
        expect(outcome.path.startsWith(`${root}/`)).toBe(true);
        expect(realpathSync(outcome.path)).toBe(outcome.path);
        expect(readFileSync(outcome.path, 'utf8')).toBe('contents');
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        expect(error.code).toMatch(/^ERR_/);
        expect(error.code).not.toBe('ERR_INTERNAL');
      }
      expect(snapshot(folder, 'html')).toEqual(before);
    }),
    { numRuns: Number(process.env['PLACE_RUNS'] ?? 600), seed: 11 },
  );
  expect(placed).toBeGreaterThan(20);
  expect(readFileSync(join(folder, 'outside', 'precious.txt'), 'utf8')).toBe('precious');
});
