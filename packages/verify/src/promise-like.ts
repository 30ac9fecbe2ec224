/**
 * True of anything that must be waited for. Promises of another realm, of a library or under a patched global are no
 * instances of this module's `Promise`, and those of calls between Workers are functions: taken for the answer itself,
 * each of them would be a yes.
 */
export function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  const canHave = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return canHave && 'then' in value && typeof value.then === 'function';
}
