/**
 * True of anything that must be waited for. Promises of another realm, of a library or under a patched global are no
 * instances of this module's `Promise`: taken for the answer itself, each of them would be a yes.
 */
export function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
