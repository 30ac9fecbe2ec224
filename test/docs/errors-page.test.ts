import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refusals, warnings } from '@smtpeter-webhooks/receiver';
import { rejections } from '@smtpeter-webhooks/verify';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Row {
  readonly status: number;
  readonly meaning: string;
  readonly remedy: string;
}

const table = (rows: Readonly<Record<string, Row>>) =>
  Object.entries(rows)
    .map(([code, { status, meaning, remedy }]) => `### ${code}\n\nStatus ${status}. ${meaning}\n\n${remedy}`)
    .join('\n\n');

const page = `# Why a call was refused

The caller learns the status and nothing else. The code, the evidence and the remedy go to the log, to
\`onRejected(rejection)\`, and to \`smtpeter-webhooks listen\`. Codes are stable: within a major version none is renamed or
given another meaning. This page is written from the tables in the source.

All of 401 have one and the same answer, so that a stranger cannot tell a wrong identity from a wrong key. 503 and 500
say that the fault was not the sender's: the call may be sent again.

## The call failed verification

${table(rejections)}

## The call was refused for another reason

${table(refusals)}

## Warnings at start

Risky configuration is named once, when the receiver is made.

${Object.entries(warnings)
  .map(([id, text]) => `### ${id}\n\n${text.charAt(0).toUpperCase()}${text.slice(1)}`)
  .join('\n\n')}
`;

it('docs/errors.md is what the tables say', async () => {
  await expect(page).toMatchFileSnapshot(join(root, 'docs', 'errors.md'));
});

it('every code that the source uses has a row, and every row is used', () => {
  const known = new Set<string>([...Object.keys(rejections), ...Object.keys(refusals), ...Object.keys(warnings)]);
  const used = new Set<string>();
  for (const name of ['verify', 'receiver', 'express']) {
    const folder = join(root, 'packages', name, 'src');
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || /\.(test|testing)\.ts$/.test(file)) continue;
      const text = readFileSync(join(folder, file), 'utf8');
      for (const [, code = ''] of text.matchAll(/'((?:ERR|WARN)_[A-Z_]+)'/g)) used.add(code);
    }
  }
  // Codes of Node's own that are looked at, not given.
  for (const foreign of ['ERR_HTTP_REQUEST_TIMEOUT']) used.delete(foreign);
  expect([...used].sort()).toEqual([...known].sort());
});
