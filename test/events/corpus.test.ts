import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEventParser, parseStored } from '@smtpeter-webhooks/events';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('corpus', import.meta.url));
const contentTypes: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.form': 'application/x-www-form-urlencoded',
  '.xml': 'text/xml',
  '.multipart': 'multipart/form-data; boundary=b',
};
const about = { identity: 'account-1234', key: '0'.repeat(64) };
const parse = createEventParser();

/**
 * A body, exactly as it came, beside the event that it is: `name.form` and `name.form.event.json`. Drop a captured body
 * in, run this with `-u` to have the event written, read it, and keep both.
 */
const bodies = readdirSync(folder).filter((file) => !file.endsWith('.event.json'));

describe('every body of the corpus', () => {
  it.each(bodies)('%s is the event beside it', async (file) => {
    const body = readFileSync(join(folder, file));
    const event = parse({ body, contentType: contentTypes[extname(file)], ...about });
    const json = JSON.stringify(event);
    await expect(`${JSON.stringify(JSON.parse(json), null, 2)}\n`).toMatchFileSnapshot(
      join(folder, `${file}.event.json`),
    );
    const { body: _, ...stored } = { ...parseStored(json) };
    const { body: __, ...same } = { ...event };
    expect(stored).toEqual(same);
  });

  it('has a body for every event', () => {
    const events = readdirSync(folder).filter((file) => file.endsWith('.event.json'));
    expect(events.map((file) => file.replace(/\.event\.json$/, '')).sort()).toEqual([...bodies].sort());
  });
});
