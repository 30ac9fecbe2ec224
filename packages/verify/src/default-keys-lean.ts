import type { defaultKeys as full } from './default-keys.js';

/**
 * A Worker has no DNS of its own. Which way its keys come is its owner's choice; the one that is taken is in its bundle, and
 * no other.
 */
export const defaultKeys: typeof full = () => {
  throw new TypeError('This runtime cannot ask DNS; give keys: dohKeys() or pinnedKeys(…).');
};
