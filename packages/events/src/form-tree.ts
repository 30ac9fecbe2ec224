import { DecodeError, MAX_FIELDS } from './decode-error.js';
import type { FieldPath } from './field-name.js';
import { createRaw, type RawObject, type RawValue } from './raw.js';

/** How many lists and objects a form may still have: one pair can ask for 64. */
interface Budget {
  branches: number;
}

/** Whole numbers as PHP writes them: those are the keys that the next index goes by. */
const wholeNumber = /^(?:0|-?[1-9]\d{0,14})$/;

/**
 * A PHP array while it is being filled. It is a list as long as its keys are 0, 1, 2 … in this order, and becomes an
 * object with the first that is not; it knows which index comes next.
 */
export class Branch {
  #list: RawValue[] | undefined;
  #object: Record<string, RawValue>;
  #children: Map<string, Branch> | undefined;
  #next = 0;
  readonly #budget: Budget;

  constructor(isList: boolean, budget: Budget) {
    this.#budget = budget;
    this.#list = isList ? [] : undefined;
    this.#object = isList ? noObject : createRaw();
  }

  /**
   * Puts a value where a path leads. A single value on the way gives way, as in PHP.
   *
   * @throws DecodeError `too-many-fields`.
   */
  put(path: FieldPath, value: string): void {
    let branch: Branch = this;
    const last = path.length - 1;
    for (let i = 0; i < last; i++) branch = branch.#descend(path[i] as string | null);
    branch.#set(path[last] as string | null, value);
  }

  #set(key: string | null, value: string): void {
    const name = this.#place(key, value);
    this.#children?.delete(name);
  }

  #descend(key: string | null): Branch {
    const known = key === null ? undefined : this.#children?.get(key);
    if (known !== undefined) return known;
    if (--this.#budget.branches < 0)
      throw new DecodeError('too-many-fields', `more than ${MAX_FIELDS} lists and objects`);
    const branch = new Branch(true, this.#budget);
    const name = this.#place(key, null);
    this.#children ??= new Map();
    this.#children.set(name, branch);
    return branch;
  }

  /** Sets a value, and gives the key that it has got. */
  #place(key: string | null, value: RawValue): string {
    const list = this.#list;
    if (list !== undefined) {
      const { length } = list;
      if (key === null || key === String(length)) {
        list.push(value);
        this.#next = length + 1;
        return String(length);
      }
      if (wholeNumber.test(key) && Number(key) >= 0 && Number(key) < length) {
        list[Number(key)] = value;
        return key;
      }
      this.#object = Object.assign(createRaw(), list);
      this.#list = undefined;
    }
    const name = key ?? String(this.#next);
    this.#object[name] = value;
    const first = name.charCodeAt(0);
    if (first <= 0x39 && wholeNumber.test(name) && Number(name) >= this.#next) this.#next = Number(name) + 1;
    return name;
  }

  /** The finished value. The branch is of no use any more. */
  finish(): RawValue {
    const target = (this.#list ?? this.#object) as Record<string, RawValue>;
    if (this.#children !== undefined) {
      for (const [name, branch] of this.#children) target[name] = branch.finish();
    }
    return target;
  }
}

const noObject: Record<string, RawValue> = createRaw();

/** The root: always an object. */
export function createRoot(): Branch {
  return new Branch(false, { branches: MAX_FIELDS });
}

export function finishRoot(root: Branch): RawObject {
  return root.finish() as RawObject;
}
