import { defaultKeys } from '#default-keys';
import { Remembered } from '#remembered';
import { type ConfiguredEndpoint, configureEndpoints } from './configured-endpoint.js';
import { isHostName } from './key-id.js';
import type { KeySource } from './key-source.js';
import { type PublicJwkSet, pinnedKeys } from './pinned-keys.js';

import type { ReplayMemory } from './replay.js';
import { createReplayMemory } from './replay-memory.js';
import { readTolerance } from './tolerance.js';
import type { VerifierOptions } from './verifier.js';

/** The options, checked and taken apart once. */
export interface Settings {
  readonly endpoints: readonly ConfiguredEndpoint[];
  /** Milliseconds. */
  readonly past: number;
  /** Milliseconds. */
  readonly future: number;
  readonly signedUrl: 'received' | 'configured';
  /** True when pages are guarded: a URL may stand for many paths, so that the one that came is what was signed. */
  readonly pages: boolean;
  readonly keys: KeySource;
  readonly replay: ReplayMemory;
  readonly clock: () => number;
  readonly keyZone: string;
  readonly remembered: Remembered;
}

/** @throws TypeError that says which option is wrong, and what to give. */
export function readSettings(options: VerifierOptions, pages = false): Settings {
  const { signedUrl = 'received', clock = Date.now, keyZone = 'copernica.com' } = options;
  if (signedUrl !== 'received' && signedUrl !== 'configured') {
    throw new TypeError("signedUrl: give 'received' or 'configured'.");
  }
  if (!isHostName(keyZone)) throw new TypeError('keyZone: give a host name in lower case, without a trailing dot.');
  const tolerance = readTolerance(options.toleranceSeconds ?? 300);
  return {
    endpoints: configureEndpoints(options.endpoints),
    past: tolerance.past * 1000,
    future: tolerance.future * 1000,
    signedUrl,
    pages,
    keys: readKeys(options.keys) ?? defaultKeys(clock),
    replay: options.replay ?? createReplayMemory({ toleranceSeconds: tolerance, clock }),
    clock,
    keyZone,
    remembered: new Remembered(),
  };
}

/** A key set in place of a source stands for itself, pinned. */
function readKeys(keys: KeySource | PublicJwkSet | undefined): KeySource | undefined {
  if (keys === undefined || 'find' in keys) return keys;
  return pinnedKeys(keys);
}
