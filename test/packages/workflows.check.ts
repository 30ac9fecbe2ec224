import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manifestOf, packageNames, root } from './packed.js';
import { tool } from './tools.js';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const { parse } = (await import(tool('yaml/dist/index.js'))).default as { parse(text: string): Workflow };
const folder = join(root, '.github/workflows');
const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe.each(readdirSync(folder))('%s', (file) => {
  const steps = () => Object.values(parse(readFileSync(join(folder, file), 'utf8')).jobs).flatMap((job) => job.steps);

  it('is YAML, and its jobs have steps that use an action or run something', () => {
    expect(steps().length).toBeGreaterThan(0);
    for (const step of steps()) expect(typeof (step.uses ?? step.run), JSON.stringify(step)).toBe('string');
  });

  it('runs scripts that are there', () => {
    const named = steps().flatMap(({ run = '' }) =>
      [...run.matchAll(/npm run (?:--\S+ )*([\w:-]+)/g)].map(([, script = '']) => script),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  it('pins its actions to a whole version, or to a commit', () => {
    const used = steps().flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w.-]+\/[\w./-]+@(?:v\d+\.\d+\.\d+|[0-9a-f]{40})$/);
  });
});

it('every package says the same repository, and its own folder there', () => {
  const urls = packageNames.map((name) => {
    const { repository } = manifestOf(name);
    expect(repository?.directory).toBe(`packages/${name}`);
    return repository?.url;
  });
  expect(new Set(urls).size).toBe(1);
  expect(urls[0]).toMatch(/^git\+https:\/\/\S+\.git$/);
});
