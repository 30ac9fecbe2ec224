// Writes what the last run of the platforms did, with its date, into README.md between its two marks, and keeps it in
// last-run.json: node test/platforms/write-table.mjs, at the end of npm run test:platforms.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const results = new URL('.run/results.json', import.meta.url);
const last = new URL('last-run.json', import.meta.url);
const readme = new URL('../../README.md', import.meta.url);

if (existsSync(results)) {
  const run = { date: new Date().toISOString().slice(0, 10), passed: JSON.parse(readFileSync(results, 'utf8')) };
  writeFileSync(last, `${JSON.stringify(run, null, 2)}\n`);
}
const { date, passed } = JSON.parse(readFileSync(last, 'utf8'));
/** The lines of Node.js that a platform was tested on, in its first row; the others are left out. */
const nodesOf = new Map();
for (const { platform, node } of passed)
  if (node !== undefined) nodesOf.set(platform, [...(nodesOf.get(platform) ?? []), node]);
const once = passed.filter(({ platform }, i) => passed.findIndex((other) => other.platform === platform) === i);
const named = ({ platform }) => {
  const nodes = nodesOf.get(platform);
  return nodes === undefined
    ? platform
    : `${platform}, on Node.js ${new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(nodes.map(String))}`;
};
/** How many tests of ours a runtime ran, beside the name of the door that its row has. */
const doorOf = ({ platform, door }) => {
  const tests = passed.find((one) => one.platform === platform && one.tests !== undefined)?.tests;
  return tests === undefined ? door : `${door}; ${tests.toLocaleString('en-GB')} of our tests`;
};
const rows = [
  ['Platform', 'Version', 'Door'],
  ['---', '---', '---'],
  ...once.map((one) => [named(one), one.version, doorOf(one)]),
];
const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
const line = (row, i) =>
  `| ${row.map((cell, column) => cell.padEnd(widths[column], i === 1 ? '-' : ' ')).join(' | ')} |`;
const table = `Tested on ${date} by \`npm run test:platforms\`:\n\n${rows.map(line).join('\n')}`;

const text = readFileSync(readme, 'utf8');
const marks = /(<!-- platforms -->\n)[\s\S]*?(<!-- \/platforms -->)/;
if (!marks.test(text)) throw new Error('README.md has no <!-- platforms --> and <!-- /platforms -->.');
writeFileSync(readme, text.replace(marks, `$1\n${table}\n\n$2`));
console.log(table);
