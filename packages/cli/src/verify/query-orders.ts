/** Of seven parameters there are 5,040 orders; who has more is not helped. */
const MAX_PARAMETERS = 7;

/** The same target with the parameters of its query in every other order. Proxies and caches sort them. */
export function* queryOrders(target: string): Generator<string> {
  const at = target.indexOf('?');
  const parameters = at === -1 ? [] : target.slice(at + 1).split('&');
  if (parameters.length < 2 || parameters.length > MAX_PARAMETERS) return;
  for (const order of orders(parameters)) yield `${target.slice(0, at)}?${order.join('&')}`;
}

/** True when two queries have the same parameters, in another order. */
export function isReordered(query: string, other: string): boolean {
  const sorted = (one: string) => one.split('&').sort().join('&');
  return query !== other && sorted(query) === sorted(other);
}

function* orders<T>(list: readonly T[]): Generator<T[]> {
  if (list.length <= 1) return yield [...list];
  for (const [i, first] of list.entries()) {
    for (const rest of orders(list.toSpliced(i, 1))) yield [first, ...rest];
  }
}
