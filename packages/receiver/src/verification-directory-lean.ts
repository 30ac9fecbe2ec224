import type { directoryFiles as full } from './verification-directory.js';

/** A Worker has no file system. */
export const directoryFiles: typeof full = () => {
  throw new TypeError('verificationFiles: give { name: contents }.');
};
