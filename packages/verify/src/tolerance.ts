import type { Tolerance } from './verifier.js';

/** Reads a tolerance as seconds in each direction. @throws TypeError that says what to give. */
export function readTolerance(tolerance: Tolerance): { readonly past: number; readonly future: number } {
  const { past, future } = typeof tolerance === 'number' ? { past: tolerance, future: tolerance } : (tolerance ?? {});
  // In some libraries 0 switches the check off; here it would refuse every call. Neither is meant.
  if (typeof past === 'number' && past > 0 && typeof future === 'number' && future >= 0) return { past, future };
  throw new TypeError(
    'toleranceSeconds: give seconds above 0, or { past, future }, past above 0 and future at least 0.',
  );
}
