import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const packageNames: readonly string[] = readdirSync(join(root, 'packages')).sort();

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly repository?: { readonly url: string; readonly directory: string };
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export const manifestOf = (name: string): Manifest =>
  JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));

/** A folder outside the workspace, so that nothing resolves that was not put there. */
export function emptyFolder(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'smtpeter-webhooks-packed-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Packs packages into a folder as they would be published; gives the path of each tarball by the package's name. */
export function pack(into: string, names: readonly string[] = packageNames): ReadonlyMap<string, string> {
  mkdirSync(into, { recursive: true });
  const workspaces = names.flatMap((name) => ['-w', `packages/${name}`]);
  execFileSync('npm', ['pack', '--silent', '--pack-destination', into, ...workspaces], { cwd: root, stdio: 'pipe' });
  const files = readdirSync(into).filter((file) => file.endsWith('.tgz'));
  return new Map(
    names.map((name) => {
      const file = `smtpeter-webhooks-${name}-${manifestOf(name).version}.tgz`;
      if (!files.includes(file)) throw new Error(`npm pack made no ${file}.`);
      return [name, join(into, file)];
    }),
  );
}

/**
 * Makes node_modules out of tarballs without asking a registry: ours are unpacked, what they depend on is linked from
 * the root install. The way of `npm test`; `npm run test:packages` lets npm install them.
 */
export function unpackInto(folder: string, tarballs: ReadonlyMap<string, string>): void {
  const modules = join(folder, 'node_modules');
  for (const [name, tarball] of tarballs) {
    const target = join(modules, '@smtpeter-webhooks', name);
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
  }
  const rootModules = join(root, 'node_modules');
  for (const entry of readdirSync(rootModules)) {
    if (entry === '@smtpeter-webhooks' || entry.startsWith('.')) continue;
    symlinkSync(join(rootModules, entry), join(modules, entry));
  }
}

/** Installs tarballs and packages of the registry with npm, into a project of its own. */
export function installInto(
  folder: string,
  tarballs: ReadonlyMap<string, string>,
  more: Readonly<Record<string, string>> = {},
): void {
  const dependencies: Record<string, string> = { ...more };
  for (const [name, tarball] of tarballs) dependencies[`@smtpeter-webhooks/${name}`] = `file:${tarball}`;
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name: 'bare', private: true, dependencies })}\n`);
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'pipe' });
}

/** The paths in a tarball, without its leading folder. */
export function contentsOf(tarball: string): readonly string[] {
  return execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^package\//, ''));
}

/** Runs a program, and gives what it printed; what it printed is in the error too. */
export function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string {
  try {
    return execFileSync(program, args, {
      cwd,
      encoding: 'utf8',
      stdio: 'pipe',
      timeout: 120_000,
      env: { ...process.env, NODE_OPTIONS: '', ...env },
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(
      `${basename(program)} ${args.join(' ')} failed in ${basename(dirname(cwd))}:\n${stdout}\n${stderr}`,
    );
  }
}
