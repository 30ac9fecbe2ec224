import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { KeySource } from './key-source.js';
import type { ReplayAnswer, ReplayMemory } from './replay.js';
import { importDkimKey } from './signature-algorithm.js';
import { endpoint, keyId, keyPair, now, otherKeyPair, signedCall, sourceWith } from './signed-call.testing.js';
import { createVerifier } from './verify-request.js';

/** Of a realm of its own, as sandboxes of frameworks and test runners have it. */
const Foreign = runInNewContext('Promise') as PromiseConstructor;
const spki = (pair: typeof keyPair) => pair.publicKey.export({ type: 'spki', format: 'der' });

afterEach(() => void vi.restoreAllMocks());

/** A source whose answers are promises that are none of this realm's. */
async function foreignSource(pair: typeof keyPair): Promise<KeySource> {
  const inner = await sourceWith(pair.publicKey);
  return { find: (name) => Foreign.resolve(inner.find(name)) };
}

describe('promises of another realm', () => {
  it('are no yes of WebCrypto', async () => {
    const key = await importDkimKey('rsa', spki(otherKeyPair), { engine: 'webcrypto' });
    const keys: KeySource = { find: () => ({ outcome: 'found', keys: [key], cached: true, stale: false }) };
    vi.spyOn(crypto.subtle, 'verify').mockImplementation(() => Foreign.resolve(false));
    const verifier = createVerifier({ endpoints: [endpoint], keys, clock: () => now });
    await expect(verifier.verify(signedCall())).rejects.toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' });
    vi.spyOn(crypto.subtle, 'verify').mockImplementation(() => Foreign.resolve(true));
    await expect(verifier.verify(signedCall())).resolves.toMatchObject({ keyId });
  });

  it('are waited for from a key source', async () => {
    const verifierOf = async (pair: typeof keyPair) =>
      createVerifier({ endpoints: [endpoint], keys: await foreignSource(pair), clock: () => now });
    await expect((await verifierOf(keyPair)).verify(signedCall())).resolves.toMatchObject({ keyId });
    await expect((await verifierOf(otherKeyPair)).verify(signedCall())).rejects.toMatchObject({
      code: 'ERR_SIGNATURE_MISMATCH',
    });
  });

  it('are waited for from a replay memory, in its answer and at its end', async () => {
    const seen: string[] = [];
    const answer = (state: 'claimed' | 'repeat'): ReplayAnswer =>
      state === 'repeat'
        ? { state }
        : {
            state,
            confirm: () => Foreign.resolve().then(() => void seen.push('confirmed')),
            release: () => Foreign.resolve().then(() => void seen.push('released')),
          };
    const memory = (state: 'claimed' | 'repeat'): ReplayMemory => ({ claim: () => Foreign.resolve(answer(state)) });
    const keys = await sourceWith(keyPair.publicKey);
    const options = { endpoints: [endpoint], keys, clock: () => now };
    await createVerifier({ ...options, replay: memory('claimed') }).verify(signedCall());
    expect(seen).toEqual(['confirmed']);
    await expect(createVerifier({ ...options, replay: memory('repeat') }).verify(signedCall())).rejects.toMatchObject({
      code: 'ERR_REPLAYED',
    });
  });
});
