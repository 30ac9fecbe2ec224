import { createOctets, decodeLatin1, decodeUtf8 } from '#text';
import { DecodeError, MAX_BYTES, MAX_FIELDS } from './decode-error.js';
import { type FormName, FormNames } from './form-names.js';
import { BAD_ESCAPE, NOT_ASCII, Unescaper } from './form-octets.js';
import { createRoot, finishRoot } from './form-tree.js';
import { addProblem, type Problem } from './problem.js';
import type { RawObject } from './raw.js';

/** Room for the octets of one body, while it is decoded. */
const room = createOctets(65_536);

const AMPERSAND = 0x26;
const EQUALS = 0x3d;

/**
 * Decodes form bodies (`application/x-www-form-urlencoded`) as PHP means them, since that is how the vendor writes them:
 * `fields[name]=x` nests, `interests[]=x` appends, the last of several equal names counts, `+` is a space. Unlike PHP it
 * leaves dots and spaces in names as they are, and refuses what is over the limits instead of cutting it off.
 *
 * It remembers names: give it verified bodies only, or strangers decide which names those are.
 */
export class FormDecoder {
  readonly #names = new FormNames();

  /** @throws DecodeError `too-large`, `too-many-fields`, `too-deep`, `field-name-too-long`. */
  decode(body: Uint8Array, problems: Problem[]): RawObject {
    if (body.length > MAX_BYTES) throw new DecodeError('too-large', `more than ${MAX_BYTES} bytes`);
    const octets = body.length <= room.length ? room : createOctets(body.length);
    const unescaper = new Unescaper(body, octets);
    const names: FormName[] = [];
    /** Three numbers a pair: where its value begins, where it ends, and flags. */
    const marks: number[] = [];
    this.#split(body, octets, unescaper, names, marks);
    const all = decodeLatin1(octets, 0, unescaper.at);
    const root = createRoot();
    for (let i = 0; i < names.length; i++) {
      const { path, text, problems: ofName } = names[i] as FormName;
      const start = marks[3 * i] as number;
      const end = marks[3 * i + 1] as number;
      const flags = marks[3 * i + 2] as number;
      let value = all.slice(start, end);
      for (const code of ofName) addProblem(problems, code, text);
      if ((flags & NOT_ASCII) !== 0) {
        const utf8 = decodeUtf8(octets, start, end);
        // What is not UTF-8 stays as it is: read as Latin-1.
        if (utf8 === undefined) addProblem(problems, 'not-utf8', text);
        else value = utf8;
      }
      if ((flags & BAD_ESCAPE) !== 0) addProblem(problems, 'bad-escape', text);
      if (path !== undefined) root.put(path, value);
    }
    return finishRoot(root);
  }

  #split(body: Uint8Array, octets: Uint8Array, unescaper: Unescaper, names: FormName[], marks: number[]): void {
    const { length } = body;
    let previous: FormName | undefined;
    for (let i = 0; i < length; i++) {
      if (body[i] === AMPERSAND) continue;
      if (names.length >= MAX_FIELDS) throw new DecodeError('too-many-fields', `more than ${MAX_FIELDS} fields`);
      const name = this.#names.expected(body, i, previous) ?? this.#names.read(body, i, previous, octets, unescaper);
      const end = i + name.raw.length;
      const start = unescaper.at;
      const flags = unescaper.value(body[end] === EQUALS ? end + 1 : end);
      names.push(name);
      marks.push(start, unescaper.at, flags);
      i = unescaper.end;
      previous = name;
    }
  }
}
