import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { exitCodes, Failure, misuse } from '../failure.js';
import { knownWord } from '../known-word.js';
import { readUrl } from '../option-values.js';
import { terminalJson, visibleText } from '../terminal-text.js';
import { type ExampleFile, exampleFiles, exampleNames } from './examples.js';

export interface InitOptions {
  readonly dir?: string;
  readonly url?: string;
  readonly id?: string;
  readonly json?: true;
}

/** What stands in the examples for one's own. */
const sample = { url: 'https://example.com/hooks/smtpeter', path: 'hooks/smtpeter', id: 'environment-1234' };

/** Writes an example. @throws Failure: exit 1 when something is there already, 3 when it cannot be written. */
export async function init(example: string | undefined, options: InitOptions): Promise<void> {
  const names = await exampleNames();
  if (example === undefined) {
    process.stdout.write(options.json ? `${terminalJson({ ok: true, examples: names })}\n` : `${names.join('\n')}\n`);
    return;
  }
  const name = knownWord('example', example, names);
  const own = readOwn(options);
  const directory = resolve(options.dir ?? `smtpeter-webhooks-${name}`);
  const files = (await exampleFiles(name)).map((file) => filledIn(file, own));
  const there = files.filter((file) => existsSync(join(directory, file.path))).map((file) => file.path);
  if (there.length > 0) {
    throw new Failure(
      exitCodes.no,
      'ERR_EXISTS',
      `${directory} holds ${there.join(', ')} already; nothing was written.`,
      {
        hint: 'Give another --dir.',
        fields: { existing: there },
      },
    );
  }
  for (const { path, content } of files) await write(join(directory, path), content);
  const next = [`cd ${relative(process.cwd(), directory) || '.'}`, ...commandsOf(files)];
  if (options.json) {
    const paths = files.map((file) => file.path);
    process.stdout.write(`${terminalJson({ ok: true, example: name, directory, files: paths, next })}\n`);
    return;
  }
  const lines = [`The example ${name} is in ${directory}. Next:`, '', ...next.map((line) => `  ${line}`)];
  process.stdout.write(`${lines.map(visibleText).join('\n')}\n`);
}

interface Own {
  readonly url: string;
  readonly path: string;
  readonly id: string;
}

/** @throws Failure of misuse. */
function readOwn(options: InitOptions): Own {
  // As a URL parser writes it, but for the one character that would end a text in code.
  const url = new URL(readUrl('--url', options.url ?? sample.url)).href.replaceAll("'", '%27');
  const id = options.id ?? sample.id;
  if (!/^(environment|account)[-_]\d{1,20}$/i.test(id)) {
    throw misuse(`--id takes environment-<number> or account-<number>, not ${JSON.stringify(id.slice(0, 80))}.`);
  }
  return { url, path: new URL(url).pathname.replace(/^\/|\/$/g, ''), id };
}

/** The path of the URL also is where an app routes to the handler: in its code, or where a file goes. */
function filledIn({ path, content }: ExampleFile, own: Own): ExampleFile {
  const text = content.toString('utf8');
  const filled = text.replaceAll(sample.url, () => own.url).replaceAll(sample.id, () => own.id);
  return { path: routed(path, own.path), content: Buffer.from(withPath(filled, own.path)) };
}

/** Between quotes, white space or behind a slash it is the path; elsewhere a part of something else. */
function withPath(text: string, path: string): string {
  const pieces = text.split(sample.path);
  return pieces.reduce((before, piece, i) => {
    const isPath = /['"\s/]$/.test(pieces[i - 1] ?? '') && /^['"\s]/.test(piece);
    return before + (isPath ? path : sample.path) + piece;
  });
}

/** A folder of the path, or a file that is named after its end; at the root of the site the file is the index. */
function routed(path: string, own: string): string {
  if (own !== '') return path.replace(sample.path, () => own);
  return path.replace(`${sample.path}/`, '').replace(sample.path, 'index');
}

/** The commands of its README, one a line. */
function commandsOf(files: readonly ExampleFile[]): string[] {
  const readme = files.find((file) => file.path === 'README.md')?.content.toString('utf8') ?? '';
  const block = /```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? 'npm install && npm start';
  return block
    .split(/\n|&&/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

async function write(path: string, content: Buffer): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Failure(exitCodes.impossible, 'ERR_WRITE', `Cannot write ${path} (${code}).`);
  }
}
