import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createTestKey,
  encodingNames,
  encodings,
  eventKinds,
  type FaultName,
  faultNames,
  faults,
  type SignedCall,
  type SignOptions,
  sampleEvent,
  signRequest,
} from '@smtpeter-webhooks/sender';
import { describe, expect, it } from 'vitest';
import { run } from '../packages/packed.js';
import { bin, here, passed, versionOf } from './platform.js';
import { hostileBodies } from './portable/hostile-bodies.js';

/*
 * The verify, events and Fetch suites on every runtime, on the packed packages: one corpus, and what each case comes to.
 * Genuine calls must come through and faults be refused with their status; and every runtime must say of each case, to
 * the last detail, what Node.js 20 says of it.
 */
const id = 'environment-1234';
const url = 'https://example.com/hooks/smtpeter?from=vendor';
const rsa = createTestKey();
const ed25519 = createTestKey({ type: 'ed25519' });
const keyIds = { rsa: 'one._domainkey.copernica.com', ed25519: 'two._domainkey.copernica.com' };

interface Case extends Omit<SignedCall, 'headers' | 'body'> {
  readonly name: string;
  readonly lines: readonly string[];
  readonly body: string;
  readonly overFetch: boolean;
}

function caseOf(name: string, { headers, body, ...call }: SignedCall, overFetch = true): Case {
  return { name, ...call, lines: headers.flat(), body: Buffer.from(body).toString('base64'), overFetch };
}

const sign = (more: Partial<SignOptions>): SignedCall => signRequest({ url, id, key: rsa, keyId: keyIds.rsa, ...more });

let number = 0;
const genuine = eventKinds.flatMap((kind) =>
  encodingNames.map((encoding) => {
    const event = sampleEvent(kind, {}, { number: ++number });
    const { contentType, encode } = encodings[encoding];
    const signer = number % 3 === 0 ? ({ key: ed25519, keyId: keyIds.ed25519 } as const) : {};
    return caseOf(`genuine ${kind}, ${encoding}`, sign({ ...signer, body: encode(event), contentType }));
  }),
);
const faulty = faultNames.map((fault) => caseOf(fault, sign({ event: sampleEvent('open'), fault })));
// Each header value with one character changed, left out and doubled: what a runtime's own parsing might forgive.
const victim = sign({ event: sampleEvent('click') });
const mutated = victim.headers.flatMap(([name, value], line) =>
  [0, Math.floor(value.length / 2), value.length - 1].flatMap((at) =>
    [value.slice(0, at) + value.slice(at + 1), `${value.slice(0, at)}~${value.slice(at)}`, ` ${value}\t`].map(
      (to, i) => {
        const headers = victim.headers.map((one, j) => (j === line ? ([name, to] as const) : one));
        return caseOf(`${name} changed at ${at} (${i})`, { ...victim, headers }, false);
      },
    ),
  ),
);
const corpus = {
  id,
  url,
  now: Date.now(),
  jwks: {
    keys: [
      { ...rsa.publicJwk, kid: keyIds.rsa },
      { ...ed25519.publicJwk, kid: keyIds.ed25519 },
    ],
  },
  calls: [...genuine, ...faulty, ...mutated],
  bodies: hostileBodies.map(([name, contentType, body]) => ({
    name: `body: ${name}`,
    contentType,
    body: Buffer.from(body).toString('base64'),
  })),
};

interface Outcome {
  readonly verify?: { readonly code?: string; readonly identity?: string };
  readonly fetch?: { readonly status: number; readonly text: string; readonly told: readonly string[] };
}
type Outcomes = Readonly<Record<string, Outcome>>;

const folder = join(here, '.run', 'portable');
cpSync(join(here, 'portable'), folder, { recursive: true });
writeFileSync(join(folder, 'corpus.json'), JSON.stringify(corpus));

const denoRun = ['run', '-A', '--quiet', '--no-lock', '--node-modules-dir=manual'];
const ask = (program: string, args: readonly string[] = []): Outcomes =>
  JSON.parse(run(program, [...args, 'main.mjs'], folder));
const runtimes: Record<string, { readonly from: string; readonly outcomes: () => Outcomes }> = {
  'Node.js 20': { from: 'node20', outcomes: () => ask(bin.node20) },
  'Node.js 22': { from: 'node22', outcomes: () => ask(bin.node22) },
  'Node.js 24': { from: 'node24', outcomes: () => ask(bin.node24) },
  Deno: { from: '@deno/linux-x64-glibc', outcomes: () => ask(bin.deno, denoRun) },
  Bun: { from: '@oven/bun-linux-x64', outcomes: () => ask(bin.bun) },
  'workerd (bundled by esbuild)': {
    from: 'miniflare',
    outcomes() {
      const script = join(here, 'portable-in-workerd.mjs');
      const said = execFileSync(process.execPath, [script, folder], { encoding: 'utf8', maxBuffer: 1e9 });
      return JSON.parse(said.trim().split('\n').at(-1) ?? '');
    },
  },
};

const reference = existsSync(bin.node20) ? ask(bin.node20) : undefined;

describe.each(Object.entries(runtimes))('%s', (platform, { from, outcomes }) => {
  const version = versionOf(from);

  it.skipIf(version === undefined)(
    `verify, events and Fetch suites${version === undefined ? ' (could not be fetched)' : ''}`,
    () => {
      const found = outcomes();
      expect(Object.keys(found)).toHaveLength(corpus.calls.length + corpus.bodies.length);
      for (const { name } of genuine) {
        expect(found[name]?.verify, name).toMatchObject({ identity: id });
        expect(found[name]?.fetch, name).toMatchObject({ status: 200, text: 'OK\n' });
      }
      for (const { name } of faulty) expect(found[name]?.fetch?.status, name).toBe(faults[name as FaultName].expected);
      for (const { name } of mutated) expect(found[name]?.verify, name).toBeDefined();
      for (const [name, outcome] of Object.entries(reference ?? found)) expect(found[name], name).toEqual(outcome);
      passed({
        platform,
        version: version ?? '',
        door: `verify, events and Fetch suites (${Object.keys(found).length})`,
      });
    },
  );
});
