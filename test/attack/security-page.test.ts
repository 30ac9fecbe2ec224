import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { catalogue } from './catalogue.testing.js';

const page = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');
const section = (title: string) => page.split(/^## /m).find((one) => one.startsWith(title)) ?? '';
const cells = (text: string) => text.split('|').map((cell) => cell.trim());

it('the threat model names cases that there are, and every group of them', () => {
  const rows = section('Threat model')
    .split('\n')
    .filter((line) => /^\| \w/.test(line))
    .slice(1);
  const named = rows.flatMap((row) => [...(cells(row)[4] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''));
  const ids = new Set(catalogue.map((one) => one.id));
  expect(rows.length).toBeGreaterThan(8);
  expect(named.filter((one) => !ids.has(one))).toEqual([]);
  const shown = new Set(catalogue.filter((one) => named.includes(one.id)).map((one) => one.group));
  expect([...new Set(catalogue.map((one) => one.group))].filter((group) => !shown.has(group))).toEqual([]);
});

it("the comparison with the vendor's verifier is that of the catalogue", () => {
  const rows = section("Beside the vendor's own verifier")
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const said = rows.map((row) =>
    cells(row)
      .slice(1, 4)
      .map((cell) => cell.replaceAll('`', '')),
  );
  const known = catalogue.filter((one) => one.vendorAccepts !== undefined);
  expect(said).toEqual(known.map((one) => [one.id, one.attack, one.vendorAccepts]));
});
