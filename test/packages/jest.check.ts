import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyFolder, installInto, pack, root, run } from './packed.js';
import { nodes, tool } from './tools.js';

/** The part of the page about jest: how to set it up, and a test file. */
const page = readFileSync(join(root, 'docs/testing-your-handlers.md'), 'utf8');
const section = /^## jest\n([\s\S]*?)^## /m.exec(page)?.[1] ?? '';
const test = /^```js\n([\s\S]*?)^```$/m.exec(section)?.[1] ?? '';
/** What the page says in passing, and the test takes from there: if it says otherwise, it is tried otherwise. */
const said = (pattern: RegExp) => pattern.exec(section.replace(/\s+/g, ' '))?.[1] ?? '';
const configuration = said(/`(export default [^`]*)` in `jest\.config\.js`/);
const type = said(/`("type": "module")` in package\.json/);
const options = said(/`NODE_OPTIONS=(\S+) npx jest`/);

const outside = emptyFolder();
const { folder } = outside;
afterAll(outside.remove);
beforeAll(() => {
  installInto(folder, pack(join(folder, 'tarballs')), { express: '5.3.0', supertest: '7.3.2' });
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const manifest = `{ ${type}, "private": true, "dependencies": ${JSON.stringify(dependencies)} }`;
  writeFileSync(join(folder, 'package.json'), manifest);
  writeFileSync(join(folder, 'jest.config.js'), configuration);
  mkdirSync(join(folder, 'tests'));
});

/** Runs jest over a test file; its report is what it writes as JSON. */
function jest(node: string, code: string): { readonly numPassedTests: number; readonly numTotalTests: number } {
  writeFileSync(join(folder, 'tests', 'page.test.js'), code);
  run(node, [tool('jest/bin/jest.js'), '--ci', '--json', '--outputFile=report.json'], folder, {
    NODE_OPTIONS: options,
  });
  return JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
}

it.each(Object.entries(nodes))(
  'the test for jest passes under jest, set up as the page says, on Node.js %s',
  (_, node) => {
    expect([configuration, type, options]).not.toContain('');
    expect(test).toContain('hands opens over');
    expect(jest(node, test)).toMatchObject({ numPassedTests: 1, numTotalTests: 1 });
  },
);

it('the same test fails when another event comes, so jest does run it', () => {
  const [node = ''] = Object.values(nodes).slice(-1);
  const broken = test.replace("vendor.call('open')", "vendor.call('click')");
  expect(broken).not.toBe(test);
  expect(() => jest(node, broken)).toThrow(/hands opens over/);
});
