import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as fullClaims from './pending-claims.js';
import * as leanClaims from './pending-claims-lean.js';
import { PendingClaim } from './replay-claim.js';
import * as fullSet from './replay-generation.js';
import * as leanSet from './replay-generation-lean.js';
import { ReplayKey } from './replay-key.js';
import { ReplayKey as LeanKey } from './replay-key-lean.js';

// Few that differ, so that keys come again.
const octets = fc
  .tuple(...[0, 5, 10, 15].map(() => fc.constantFrom(0, 255)))
  .map((few) => Uint8Array.from({ length: 16 }, (_, i) => few[i / 5] ?? 7));

it('the set of keys of a Worker holds what the other holds', () => {
  fc.assert(
    fc.property(fc.uniqueArray(octets, { maxLength: 200, selector: String }), octets, (keys, other) => {
      const full = new fullSet.ReplayGeneration();
      const lean = new leanSet.ReplayGeneration();
      for (const key of keys) {
        full.add(new ReplayKey(key));
        lean.add(new LeanKey(key));
      }
      expect(lean.size).toBe(full.size);
      expect(lean.has(new LeanKey(other))).toBe(full.has(new ReplayKey(other)));
      expect(keys.every((key) => lean.has(new LeanKey(key)))).toBe(true);
    }),
  );
});

it('the claims of a Worker are found as the others are', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(octets, fc.boolean()), { maxLength: 100 }), (calls) => {
      const full = new fullClaims.PendingClaims();
      const lean = new leanClaims.PendingClaims<{ readonly key: LeanKey }>();
      for (const [key, ends] of calls) {
        const [known, same] = [full.get(new ReplayKey(key)), lean.get(new LeanKey(key))];
        expect(same === undefined).toBe(known === undefined);
        expect(same?.key).toEqual(known === undefined ? undefined : new LeanKey(key));
        if (known !== undefined && same !== undefined && ends) {
          full.delete(known);
          lean.delete(same);
        } else if (known === undefined) {
          full.add(new PendingClaim(new ReplayKey(key), 0, () => {}));
          lean.add({ key: new LeanKey(key) });
        }
      }
    }),
  );
});
