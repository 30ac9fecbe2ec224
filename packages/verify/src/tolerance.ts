import type { Tolerance } from './verifier.js';

/** Reads a tolerance as seconds in each direction. @throws TypeError that says what to give. */
export function readTolerance(tolerance: Tolerance): { readonly past: number; readonly future: number } {
  if (typeof tolerance === 'number') {
    // In some libraries 0 switches the check off; here it would refuse every call. Neither is meant.
    if (!(tolerance > 0)) {
      throw new TypeError(
        'toleranceSeconds: give a number of seconds above 0, or { past, future }; Infinity is without limit.',
      );
    }
    return { past: tolerance, future: tolerance };
  }
  const { past, future } = tolerance ?? {};
  if (!(typeof past === 'number' && past > 0 && typeof future === 'number' && future >= 0)) {
    throw new TypeError('toleranceSeconds: give { past, future } in seconds, past above 0 and future at least 0.');
  }
  return { past, future };
}
