import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cellsOf, type Table } from './table.js';

const file = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const begin = '<!-- figures: written by `npm run bench` -->';
const end = '<!-- end of figures -->';

/** Puts the tables of a full run into docs/performance.md; the words around them stay. */
export function writePage(
  tables: readonly Table[],
  machine: readonly string[],
  seconds: number,
  minutes: number,
): void {
  const before = readFileSync(file, 'utf8');
  const from = before.indexOf(begin);
  const to = before.indexOf(end);
  if (from === -1 || to < from)
    throw new Error('docs/performance.md has lost the marks that the figures stand between.');
  const about = `Measured on ${new Date().toISOString().slice(0, 10)}, ${seconds} s a row, ${minutes.toFixed(0)} minutes in all: ${machine.join('; ')}.`;
  const figures = [about, ...tables.map(markdown)].join('\n\n');
  writeFileSync(file, `${before.slice(0, from)}${begin}\n\n${figures}\n\n${before.slice(to)}`);
}

function markdown(table: Table): string {
  const [head = [], ...lines] = cellsOf(table);
  const rows = [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...lines];
  const missing = (table.missing ?? []).map((one) => `Not measured: ${one}.`);
  const more = [...missing, ...(table.note ? [table.note] : [])].map((one) => `\n\n${one}`).join('');
  return `### ${table.title}\n\n${table.ratioOf}\n\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}${more}`;
}
