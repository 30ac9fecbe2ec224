import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

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

const files = new Map(
  Object.entries(written).map(([name, [code]], i) => [join(root, `written-${i}.ts`), { name, code }]),
);
const messages = compile();

describe('what users write', () => {
  it.each(Object.entries(written))('%s', (name, [, message]) => {
    const found = messages.get(name) ?? [];
    if (message === undefined) return expect(found).toEqual([]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });
});

function compile(): ReadonlyMap<string, readonly string[]> {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    types: ['node'],
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.getSourceFile = (file, language, ...rest) => {
    const snippet = files.get(file);
    return snippet ? ts.createSourceFile(file, start + snippet.code, language) : getSourceFile(file, language, ...rest);
  };
  const found = new Map<string, string[]>();
  for (const diagnostic of ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host))) {
    const name = files.get(diagnostic.file?.fileName ?? '')?.name ?? 'elsewhere';
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    found.set(name, [...(found.get(name) ?? []), text]);
  }
  return found;
}
