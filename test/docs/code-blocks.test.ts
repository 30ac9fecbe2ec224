import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { anchorOf } from '../../site/.vitepress/links.mjs';
import { compileInMemory } from '../compile-in-memory.testing.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md']
  .concat(readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`))
  .concat(readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`))
  .filter((page) => page.endsWith('.md'));

interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

const blocks: Block[] = pages.flatMap((page) => {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    language: match[1] ?? '',
    code: match[2] ?? '',
  }));
});

describe('every TypeScript block of the documentation', () => {
  const typescript = blocks.filter((block) => block.language === 'ts');
  // Each block is a module of its own, at the root, where it resolves packages as a user's file does.
  const files = new Map(typescript.map((block, i) => [join(root, `block-${i}.ts`), block]));

  it('compiles under strict settings', { timeout: 120_000 }, () => {
    const code = new Map([...files].map(([file, block]) => [file, block.code]));
    const problems = compileInMemory(code).map(({ file = '', line, message }) => {
      const block = files.get(file);
      return `${block?.page}:${(block?.line ?? 0) + line + 1} ${message}`;
    });
    expect(problems).toEqual([]);
    expect(typescript.length).toBeGreaterThan(0);
  });
});

describe('every shell block of the documentation', () => {
  const scripts = new Set(Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts));
  const commandPage = readFileSync(join(root, 'docs', 'cli.md'), 'utf8');
  const packages = new Set(readdirSync(join(root, 'packages')).map((name) => `@smtpeter-webhooks/${name}`));

  it('is of commands that exist', () => {
    const lines = blocks
      .filter((block) => block.language === 'sh')
      .flatMap((block) =>
        block.code
          .replaceAll('\\\n', ' ')
          .split(/\n|&&/)
          .map((line) => ({ block, line: line.trim() })),
      )
      .filter(({ line }) => line !== '' && !line.startsWith('#'));
    expect(lines.length).toBeGreaterThan(0);
    for (const { block, line } of lines) {
      expect(isKnown(line), `${block.page}:${block.line} ${line}`).toBe(true);
    }
  });

  function isKnown(line: string): boolean {
    const [command = '', ...words] = line.replace(/ #.*$/, '').split(/\s+/);
    if (command === 'npm' && (words[0] === 'install' || words[0] === 'i')) {
      return words
        .slice(1)
        .every((word) => word.startsWith('-') || packages.has(word) || ['express', 'hono', 'fastify'].includes(word));
    }
    if (command === 'npm')
      return words[0] === 'ci' || scripts.has(words[0] === 'run' ? (words[1] ?? '') : (words[0] ?? ''));
    if (command === 'npx' && words[0] === 'vitest') return true;
    const ours = command === 'npx' ? words.shift() : command;
    if (ours === 'smtpeter-webhooks' || ours === '@smtpeter-webhooks/cli') return isOurs(words);
    return ['dig', 'openssl', 'mkdir', 'node'].includes(command);
  }

  /** Its options are among those that the page of the command, written from its source, has. */
  function isOurs([subcommand = '', ...words]: string[]): boolean {
    if (subcommand.startsWith('-') || subcommand.startsWith('<')) return true;
    const section = commandPage.split(/^## /m).find((one) => one.startsWith(`${subcommand}\n`));
    return (
      section !== undefined && words.every((word) => !/^--\w/.test(word) || section.includes(`${word.split('=')[0]} `))
    );
  }
});

describe('every link of the documentation', () => {
  it('leads to a file that is there', () => {
    for (const page of pages) {
      const text = readFileSync(join(root, page), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)) {
        expect(existsSync(join(root, page, '..', target)), `${page} -> ${target}`).toBe(true);
      }
    }
  });

  it('leads to a heading that is there, as the repository and the site name it', () => {
    const anchors = (page: string) => {
      const text = readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
      return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading.replaceAll('`', '')));
    };
    let followed = 0;
    for (const page of pages) {
      const text = readFileSync(join(root, page), 'utf8');
      for (const [, target = '', anchor = ''] of text.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)) {
        const to = target === '' ? page : join(page, '..', target);
        expect(anchors(to), `${page} -> ${target}#${anchor}`).toContain(anchor);
        followed++;
      }
    }
    expect(followed).toBeGreaterThan(5);
  });
});

it('the README shows a working server before line 30', () => {
  const lines = readFileSync(join(root, 'README.md'), 'utf8').split('\n');
  expect(lines.findIndex((line) => line.startsWith('app.listen'))).toBeGreaterThan(0);
  expect(lines.findIndex((line) => line.startsWith('app.listen'))).toBeLessThan(29);
});
