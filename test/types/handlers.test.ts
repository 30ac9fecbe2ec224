import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { compileInMemory } from '../compile-in-memory.testing.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const start = `import { webhooks, type WebhookEvent } from '@smtpeter-webhooks/express';
const given = { id: 'environment-1234', url: 'https://example.com/hooks' };
`;

/** What users write, and the message that the compiler has for it; undefined where it has none. */
const written: Record<string, readonly [code: string, message?: RegExp]> = {
  'a handler has the event of its kind': [
    `webhooks({ ...given, on: { click: (event) => { const kind: 'click' = event.kind; const to: string | undefined = event.originalUrl; return [kind, to]; } } });`,
  ],
  "a field of another kind's event is refused": [
    'webhooks({ ...given, on: { open: (event) => event.subprofile } });',
    /Property 'subprofile' does not exist on type 'OpenEvent'/,
  ],
  "the kind narrows in the handler of '*'": [
    `webhooks({ ...given, on: { '*': (event) => { if (event.kind === 'failure') return event.action; if (event.kind === 'profile.update') return event.fields; return event.key; } } });`,
  ],
  'a field needs the kind to be narrowed first': [
    'export const read = (event: WebhookEvent) => event.fields;',
    /Property 'fields' does not exist/,
  ],
  'a switch over the kinds can be exhaustive': [
    `export function isMail(event: WebhookEvent): boolean {
      switch (event.kind) {
        case 'open': case 'click': case 'delivery': case 'failure': case 'bounce': case 'abuse': case 'unsubscribe': return true;
        case 'profile.create': case 'profile.update': case 'profile.delete': return false;
        case 'subprofile.create': case 'subprofile.update': case 'subprofile.delete': return false;
        case 'unknown': return false;
        default: return event satisfies never;
      }
    }`,
  ],
  'an option that is misspelt is refused with the right one': [
    'webhooks({ ...given, toleranceSecond: 60 });',
    /'toleranceSecond' does not exist in type 'ReceiverOptions.*toleranceSeconds/,
  ],
  'a kind that is misspelt is refused': [
    'webhooks({ ...given, on: { opened: () => {} } });',
    /'opened' does not exist in type/,
  ],
  'a value of the wrong type is refused': [
    `webhooks({ ...given, maxBodyBytes: '5mb' });`,
    /Type 'string' is not assignable to type 'number'/,
  ],
  'a mode that is not there is refused': [
    `webhooks({ ...given, signedUrl: 'proxy' });`,
    /Type '"proxy"' is not assignable to type '"received" \| "configured"/,
  ],
  'the context of a handler is inferred': [
    'webhooks({ ...given, on: { bounce: async (event, { signal, receivedAt, log }) => { signal.throwIfAborted(); log.info(receivedAt.toISOString()); } } });',
  ],
  'a refusal has a code to switch on': [
    `webhooks({ ...given, onRejected: ({ code }) => (code === 'ERR_DATE_TO_OLD' ? 410 : undefined) });`,
    /no overlap/,
  ],
};

const names = new Map(Object.keys(written).map((name, i) => [join(root, `written-${i}.ts`), name]));
const problems = compileInMemory(new Map([...names].map(([file, name]) => [file, start + (written[name]?.[0] ?? '')])));

describe('what users write', () => {
  it.each(Object.entries(written))('%s', (name, [, message]) => {
    const found = problems.filter(({ file = '' }) => names.get(file) === name).map((problem) => problem.message);
    if (message === undefined) return expect(found).toEqual([]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });
});
