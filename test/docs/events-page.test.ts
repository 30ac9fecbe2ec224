import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Shape } from '@smtpeter-webhooks/events';
import { expect, it } from 'vitest';
import { type DocumentedKind, documentedKinds } from '../events/documented-fields.testing.js';

const page = fileURLToPath(new URL('../../docs/events.md', import.meta.url));

const types: Record<Shape, string> = {
  text: 'string',
  count: 'number',
  ip: '{ address, version }',
  status: '{ class, subject, detail, text }',
  list: 'string[]',
  object: 'object',
  interests: '{ on, all }',
  localTime: 'Date',
  failureAction: 'string',
};

/** A table as the formatter has it. */
function aligned([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** One table for kinds that have the same fields. */
function tables(kinds: readonly DocumentedKind[]): string {
  const groups = new Map<string, DocumentedKind[]>();
  for (const kind of kinds) {
    const rows = kind.fields.map(({ name, from, as, meaning }) => [`\`${from}\``, `\`${name}\``, types[as], meaning]);
    const table = aligned([['Vendor', 'Name', 'Type', ''], ...rows]);
    groups.set(table, [...(groups.get(table) ?? []), kind]);
  }
  return [...groups]
    .map(([table, group]) => {
      const heading = `### ${group.map(({ kind }) => kind).join(', ')}`;
      const meanings = group.map(({ meaning }) => meaning).join(' ');
      return `${heading}\n\n${meanings}\n\n${table}`;
    })
    .join('\n\n');
}

it('docs/events.md has the fields that the source has', async () => {
  const text = readFileSync(page, 'utf8');
  const generated = `<!-- fields: written by the test -->\n\n${tables(documentedKinds())}\n\n<!-- end of fields -->`;
  const expected = text.replace(/<!-- fields: [\s\S]*<!-- end of fields -->/, () => generated);
  expect(text).toContain('<!-- end of fields -->');
  await expect(expected).toMatchFileSnapshot(page);
});

it('every field is explained', () => {
  for (const { kind, meaning, fields } of documentedKinds()) {
    expect(meaning, kind).not.toBe('');
    for (const field of fields) expect(field.meaning, `${kind} ${field.name}`).not.toBe('');
  }
});
