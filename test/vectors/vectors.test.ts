import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isCanonicalEd25519Signature, isSafeEd25519Key } from '../../packages/verify/src/ed25519-rules.js';
import type { VerificationKey } from '../../packages/verify/src/key-source.js';
import { importDkimKey, verifySignature } from '../../packages/verify/src/signature-algorithm.js';

interface Vector {
  readonly id: number;
  readonly comment: string;
  readonly message: string;
  readonly signature: string;
  readonly result: 'valid' | 'acceptable' | 'invalid';
  readonly flags?: readonly string[];
}

interface Group {
  readonly file: string;
  readonly bits: number;
  readonly exponent: number;
  readonly hash: string;
  readonly key: string;
  readonly tests: readonly Vector[];
}

const read = <T>(name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T;
const rsa = ['2048', '3072', '4096', 'other'].flatMap((name) => read<Group[]>(`wycheproof-rsa-${name}.json`));
const ed25519 = read<Group[]>('wycheproof-ed25519.json');
const taming = read<{ case: number; message: string; key: string; signature: string }[]>('taming-eddsa.json');

const octets = (base64: string) => Buffer.from(base64, 'base64');

/** What must come of a vector, and the reason where it is not simply what the vector says. */
function expectedOf(group: Group, { result, flags = [] }: Vector): { accept: boolean; reason: string } {
  if (group.hash === 'SHA-512') return { accept: false, reason: 'refused: a hash that is not SHA-256' };
  if (flags.includes('MissingNull'))
    return { accept: false, reason: 'refused: DigestInfo without NULL (RFC 8017 A.2.4)' };
  if (flags.includes('SmallModulus')) return { accept: true, reason: 'accepted: 1024 bits or more' };
  if (flags.includes('SmallPublicKey')) return { accept: true, reason: 'accepted: exponent 3, padding checked whole' };
  return { accept: result === 'valid', reason: result };
}

/** Runs every vector; those with another verdict than they should have, and how many there are of each reason. */
async function run(groups: readonly Group[], importKey: (group: Group) => Promise<VerificationKey>) {
  const mismatches: string[] = [];
  const reasons: Record<string, number> = {};
  for (const group of groups) {
    const key = await importKey(group);
    for (const vector of group.tests) {
      const { accept, reason } = expectedOf(group, vector);
      reasons[reason] = (reasons[reason] ?? 0) + 1;
      const verdict = await verifySignature(key, octets(vector.message), octets(vector.signature));
      if (verdict !== accept) mismatches.push(`${group.file} ${vector.id} ${vector.comment}: ${verdict}, ${reason}`);
    }
  }
  return { mismatches, reasons };
}

describe.each(['node', 'webcrypto'] as const)("RSA vectors of Wycheproof, by %s's engine", (engine) => {
  it('have the verdicts that they should have', async () => {
    const { mismatches, reasons } = await run(rsa, (group) => importDkimKey('rsa', octets(group.key), { engine }));
    expect(mismatches).toEqual([]);
    expect(reasons).toMatchInlineSnapshot(`
      {
        "accepted: 1024 bits or more": 57,
        "accepted: exponent 3, padding checked whole": 6,
        "invalid": 710,
        "refused: DigestInfo without NULL (RFC 8017 A.2.4)": 3,
        "refused: a hash that is not SHA-256": 10,
        "valid": 98,
      }
    `);
  });
});

describe.each(['node', 'webcrypto', 'tweetnacl'] as const)('Ed25519 vectors, by the engine %s,', (engine) => {
  it('have the verdicts that Wycheproof says', async () => {
    const { mismatches, reasons } = await run(ed25519, (group) =>
      importDkimKey('ed25519', octets(group.key), { engine }),
    );
    expect(mismatches).toEqual([]);
    expect(reasons).toMatchInlineSnapshot(`
      {
        "invalid": 61,
        "valid": 84,
      }
    `);
  });

  it('have one verdict for the twelve cases of Taming the many EdDSAs', async () => {
    const verdicts: Record<string, number[]> = {};
    for (const { case: number, ...one } of taming) {
      const [message, raw, signature] = [one.message, one.key, one.signature].map((hex) => Buffer.from(hex, 'hex'));
      const key = await importDkimKey('ed25519', raw as Buffer, { engine }).catch((error) => error.code as string);
      const outcome =
        typeof key === 'string'
          ? key
          : !isCanonicalEd25519Signature(signature as Buffer)
            ? 'S >= L'
            : String(await verifySignature(key, message as Buffer, signature as Buffer));
      if (typeof key !== 'string' && outcome === 'S >= L') {
        expect(await verifySignature(key, message as Buffer, signature as Buffer)).toBe(false);
      }
      verdicts[outcome] = [...(verdicts[outcome] ?? []), number];
    }
    expect(verdicts).toEqual({
      // Keys of small order, and such as are not canonical.
      ERR_KEY_UNUSABLE: [0, 1, 10, 11],
      // The equation without the cofactor holds; R and A may have a part of small order.
      true: [2, 3],
      // Holds with the cofactor alone, or R is not canonical.
      false: [4, 5, 8, 9],
      'S >= L': [6, 7],
    });
  });
});

it('the stricter rules are ours: the runtime itself would take some keys of small order', () => {
  const taken = taming.filter(({ message, key, signature }) => {
    const x = Buffer.from(key, 'hex').toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, Buffer.from(message, 'hex'), publicKey, Buffer.from(signature, 'hex'));
  });
  expect(taken.filter(({ key }) => !isSafeEd25519Key(Buffer.from(key, 'hex'))).map((one) => one.case)).toEqual([
    0, 1, 11,
  ]);
});
