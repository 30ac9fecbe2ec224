import { BoundedMap } from './bounded-map.js';
import type { Call } from './call.js';
import type { CoveredList } from './signing-string.js';

/** The vendor writes one list and signs with a few keys; more than so many are not worth keeping. */
const MAX = 64;

/**
 * What genuine calls have in common, by the text as it came, so that it need not be read anew of each call. Only a
 * signature that held puts something in, so strangers can neither fill it nor drive anything out.
 */
export class Remembered {
  /** By what must be covered: a list that covers enough for a page does not for a call. There are two such. */
  readonly #lists = new Map<readonly string[], BoundedMap<CoveredList>>();
  readonly keyIds = new BoundedMap<string>(MAX);
  /** Under load many calls are of one second. */
  lastDate: { readonly text: string; readonly instant: number } | undefined;

  /** The parsed list, if one so spelled held before against the very same requirement. */
  listOf(required: readonly string[], text: string): CoveredList | undefined {
    return this.#lists.get(required)?.get(text);
  }

  /** @param call - one whose signature holds. */
  keep({ header, list, required, keyId, date, lines }: Call): void {
    if (header?.headers !== undefined && list !== undefined && required !== undefined) {
      this.#keepList(required, header.headers, list);
    }
    if (header?.keyId !== undefined && keyId !== undefined && this.keyIds.get(header.keyId) === undefined) {
      this.keyIds.set(header.keyId, keyId);
    }
    const text = lines.get('date');
    if (typeof text === 'string' && date !== undefined && this.lastDate?.text !== text) {
      this.lastDate = { text, instant: date };
    }
  }

  #keepList(required: readonly string[], text: string, list: CoveredList): void {
    const lists = this.#lists.get(required) ?? new BoundedMap<CoveredList>(MAX);
    this.#lists.set(required, lists);
    if (lists.get(text) === undefined) lists.set(text, list);
  }
}
