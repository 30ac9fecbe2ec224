/*
 * What the language itself is asked to do, counted: each call of one of its functions that goes through text or octets
 * counts as many as it can have gone through. Steps of our own code are counted elsewhere; together they are all there is.
 */

type Count = (self: unknown, args: readonly unknown[], result: unknown) => number;
// biome-ignore lint/suspicious/noExplicitAny: functions of the language, of every shape
type Holder = any;

const lengthOf = (value: unknown): number =>
  typeof value === 'string' || Array.isArray(value) || ArrayBuffer.isView(value)
    ? Number((value as { length?: number; byteLength?: number }).length ?? (value as ArrayBufferView).byteLength)
    : value instanceof ArrayBuffer
      ? value.byteLength
      : 0;

const whole: Count = (self) => lengthOf(self);
const argument: Count = (_, [first]) => lengthOf(first);
const made: Count = (_self, _args, result) => lengthOf(result);
/** From where it is told to begin to where it finds something, or to the end. */
const searched: Count = (self, [, from = 0], result) => {
  const start = Math.max(0, Number(from));
  return typeof result === 'number' && result >= 0 ? Math.abs(result - start) : Math.max(0, lengthOf(self) - start);
};
const expected: Count = (_, [first]) => lengthOf(String(first));

const methods: readonly (readonly [Holder, Count, readonly string[]])[] = [
  [String.prototype, made, ['slice', 'substring', 'substr', 'repeat', 'padStart', 'padEnd', 'concat']],
  [String.prototype, searched, ['indexOf']],
  [String.prototype, expected, ['startsWith', 'endsWith']],
  [
    String.prototype,
    whole,
    ['split', 'includes', 'lastIndexOf', 'trim', 'trimStart', 'trimEnd', 'toLowerCase', 'toUpperCase', 'normalize'],
  ],
  [String.prototype, whole, ['replace', 'replaceAll', 'match', 'matchAll', 'search', 'localeCompare']],
  [Array.prototype, whole, ['includes', 'join', 'map', 'filter', 'forEach', 'every', 'some', 'find', 'findIndex']],
  [Array.prototype, whole, ['reduce', 'flatMap', 'flat', 'concat', 'sort', 'reverse', 'splice', 'shift', 'unshift']],
  [Array.prototype, searched, ['indexOf']],
  [Array.prototype, made, ['slice']],
  [Object.getPrototypeOf(Uint8Array.prototype), whole, ['fill', 'join', 'set', 'includes', 'every', 'some']],
  [Object.getPrototypeOf(Uint8Array.prototype), searched, ['indexOf']],
  [Object.getPrototypeOf(Uint8Array.prototype), made, ['slice']],
  [Buffer.prototype, searched, ['indexOf']],
  [Buffer.prototype, made, ['toString', 'latin1Slice', 'utf8Slice', 'asciiSlice', 'base64Slice']],
  [Buffer.prototype, argument, ['write', 'latin1Write', 'utf8Write']],
  [TextDecoder.prototype, argument, ['decode']],
  [TextEncoder.prototype, argument, ['encode', 'encodeInto']],
  [JSON, argument, ['parse']],
  [JSON, made, ['stringify']],
  [Object, made, ['keys', 'entries', 'values']],
  [Buffer, argument, ['from', 'concat']],
  [globalThis, argument, ['decodeURIComponent', 'encodeURIComponent', 'decodeURI', 'atob', 'btoa']],
];

/** Runs something, and gives how much of the language's own functions it took. What it throws is its answer. */
export async function nativeWorkOf(run: () => unknown): Promise<number> {
  let work = 0;
  const undo: (() => void)[] = [];
  const count = (holder: Holder, name: string, cost: Count) => {
    const descriptor = Object.getOwnPropertyDescriptor(holder, name);
    const original = descriptor?.value;
    if (descriptor === undefined || typeof original !== 'function') return;
    let within = false;
    const value = function counted(this: unknown, ...args: unknown[]) {
      const result = Reflect.apply(original, this, args);
      // What is counted must not count itself.
      if (!within) {
        within = true;
        work += 1 + cost(this, args, result);
        within = false;
      }
      return result;
    };
    Object.defineProperty(holder, name, { ...descriptor, value });
    undo.push(() => Object.defineProperty(holder, name, descriptor));
  };
  // Every pattern ends here, whichever method it is asked by. A match ends where it ends; what fails has seen all of the
  // rest, unless it may match at one place only: then it counts once.
  const { exec } = RegExp.prototype;
  RegExp.prototype.exec = function counted(this: RegExp, text: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const match = exec.call(this, text);
    if (match !== null) work += match.index + match[0].length - from;
    else if (!this.sticky) work += text.length - from;
    work++;
    return match;
  };
  undo.push(() => {
    RegExp.prototype.exec = exec;
  });
  for (const [holder, cost, names] of methods) for (const name of names) count(holder, name, cost);
  try {
    await run();
  } catch {
    // A refusal is an answer.
  } finally {
    for (const one of undo.reverse()) one();
  }
  return work;
}
