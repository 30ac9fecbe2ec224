/**
 * True of anything that must be waited for. Promises of another realm, of a library or under a patched global are no
 * instances of this module's `Promise`, and those of calls between Workers are functions: taken for the answer itself,
 * each of them would be a yes.
 */
export function isPromiseLike<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  const canHave = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return canHave && 'then' in value && typeof value.then === 'function';
}

/** What `next` makes of a value: at once where it is there already, since a promise costs a turn. */
export function whenThere<T, R>(value: T | PromiseLike<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return isPromiseLike(value) ? Promise.resolve(value).then(next) : next(value);
}
