import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeConformance } from '@smtpeter-webhooks/inbox/conformance';
import { describe, expect, it } from 'vitest';
import { run } from '../packages/packed.js';
import { bin, here, versionOf } from './platform.js';

/** The packages lie there as they are published. */
function inboxOn(program: string): string {
  const place = join(here, '.run');
  copyFileSync(join(here, 'inbox.mjs'), join(place, 'inbox.mjs'));
  const folder = mkdtempSync(join(tmpdir(), 'platform-inbox-'));
  try {
    return run(program, ['--no-warnings', 'inbox.mjs', folder], place);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.each(['node22', 'node24'] as const)("the inbox on %s's own SQLite", (name) => {
  const absent = versionOf(name) === undefined || !existsSync(bin[name]);
  it.skipIf(absent)(`does what every store must do${absent ? ' (could not be fetched)' : ''}`, () => {
    expect(JSON.parse(inboxOn(bin[name]))).toEqual({
      cases: storeConformance().length,
      failed: [],
      codes: { damaged: 'ERR_INBOX_CORRUPT', nowhere: 'ERR_INBOX_IO' },
      effects: {
        committed: true,
        rows: [{ a: 'text', b: 1.5, c: null, d: '6279746573' }],
        wiped: true,
        state: 'handled',
        newer: 'ERR_INBOX_SCHEMA_NEWER',
      },
    });
  });
});
