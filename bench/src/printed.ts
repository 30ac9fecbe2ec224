import { cellsOf, type Table } from './table.js';

/** A table for the terminal. */
export function printed(table: Table): string {
  const cells = cellsOf(table).map((line) => line.map((cell) => cell.replaceAll('**', '')));
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((line) => (line[column] ?? '').length)));
  const lines = cells.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const more = [...(table.missing ?? []).map((one) => `not measured: ${one}`), ...(table.note ? [table.note] : [])];
  return `${[table.title, table.ratioOf, '', ...lines, ...more].join('\n')}\n`;
}
