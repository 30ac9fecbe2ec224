import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import { bin as cli } from '../cli/process.testing.js';
import { key, keyId, type RunningExample, type StartOptions, startExample, url } from '../examples/example.testing.js';
import { freePort } from '../free-port.testing.js';
import { root, run } from '../packages/packed.js';
import type { Change, Framework } from './frameworks.js';
import { bin, copyOfExample } from './platform.js';

/** The vendor's file, which `smtpeter-webhooks place` has put into every app. */
export const verificationFile = 'smtpeter-x1y2z.txt';

/** An example of a framework, built. */
export interface FrameworkApp {
  /** Where it is noted that a handler ran, a character a time. */
  readonly handled: string;
  /** Starts its server under this line of Node.js. */
  serve(options: Pick<StartOptions, 'dns' | 'env'> & ServeOptions): Promise<RunningExample>;
}

export interface ServeOptions {
  readonly node?: 20 | 22 | 24;
  /** Modules of test/ that are loaded before the server. */
  readonly preloads?: readonly string[];
}

/** Builds a copy of a framework's example as its README says, with a change or none. */
export function buildApp(framework: Framework, as: string, change: Change = {}): FrameworkApp {
  const { example, handler, configuration, build, start, env = {}, ready, files = {} } = framework;
  const cwd = copyOfExample(example, as);
  const edit = (file: string, from: RegExp | string, to: (found: string) => string) => {
    const text = readFileSync(join(cwd, file), 'utf8');
    expect(text).toMatch(from);
    writeFileSync(join(cwd, file), text.replace(from, to));
  };
  const environment = { ...env, PATH: `${join(bin.node24, '..')}:${process.env['PATH']}` };
  const handled = join(cwd, 'handled');

  edit(handler, /^ {2}on: \{[\s\S]*?^ {2}\},\n/m, (on) => `${on}  ...globalThis.underTest,\n`);
  for (const [name, text] of Object.entries({ ...files, ...change.files })) writeFileSync(join(cwd, name), text);
  for (const name of change.without ?? []) rmSync(join(cwd, name));
  if (change.configured !== undefined) {
    const [from, to] = change.configured;
    edit(configuration, from, () => to);
  }
  writeFileSync(join(cwd, '..', verificationFile), 'as the vendor gave it');
  // Where a new project of the framework has its files that are served as they are; the examples have none.
  mkdirSync(join(cwd, example === 'sveltekit' ? 'static' : 'public'));
  run(bin.node24, [cli, 'place', `../${verificationFile}`, '--handler', handler, '--url', url], cwd, environment);
  run(bin.node24, [...build], cwd, environment);

  return {
    handled,
    async serve({ dns, node = 24, preloads = [], env: more = {} }) {
      const modules = ['examples/preload-dns.mjs', ...preloads].flatMap((file) => [
        '--import',
        pathToFileURL(join(root, 'test', file)).href,
      ]);
      const port = await freePort();
      const keys = JSON.stringify({ keys: [{ ...key.publicJwk, kid: keyId }] });
      const ours = { PORT: String(port), HOST: '127.0.0.1', TEST_HANDLED: handled, TEST_KEYS: keys };
      const program = bin[`node${node}`];
      const path = `${join(program, '..')}:${process.env['PATH']}`;
      return startExample({
        dns,
        cwd,
        command: [program, ...modules, ...start],
        env: { ...env, PATH: path, ...ours, ...more },
        ready,
      });
    },
  };
}
