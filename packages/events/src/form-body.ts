import { DecodeError, MAX_BYTES, MAX_NAME } from './decode-error.js';
import { type FieldPath, parseFieldName } from './field-name.js';
import { BAD_ESCAPE, NAME_NOT_ASCII, unescapeForm, VALUE_NOT_ASCII } from './form-octets.js';
import { createRoot, finishRoot } from './form-tree.js';
import { addProblem, type Problem } from './problem.js';
import type { RawObject } from './raw.js';
import { copyText, createOctets, decodeLatin1, decodeUtf8 } from './text.js';

const MAX_REMEMBERED = 1024;
const MAX_REMEMBERED_LENGTH = 128;

/** Room for the octets of one body, while it is decoded. */
const room = createOctets(65_536);

/**
 * Decodes form bodies (`application/x-www-form-urlencoded`) as PHP means them, since that is how the vendor writes them:
 * `fields[name]=x` nests, `interests[]=x` appends, the last of several equal names counts, `+` is a space. Unlike PHP it
 * leaves dots and spaces in names as they are, and refuses what is over the limits instead of cutting it off.
 *
 * Events of one account have the same few names over and over: what a name means is worked out once. Give it verified
 * bodies only, or strangers decide which names those are.
 */
export class FormDecoder {
  readonly #paths = new Map<string, FieldPath>();

  /** @throws DecodeError `too-large`, `too-many-fields`, `too-deep`, `field-name-too-long`. */
  decode(body: Uint8Array, problems: Problem[]): RawObject {
    if (body.length > MAX_BYTES) throw new DecodeError('too-large', `more than ${MAX_BYTES} bytes`);
    const octets = body.length <= room.length ? room : createOctets(body.length);
    const marks = unescapeForm(body, octets);
    const all = decodeLatin1(octets, 0, marks.at(-2) ?? 0);
    const root = createRoot();
    for (let i = 0; i < marks.length; i += 4) {
      const start = marks[i] as number;
      const middle = marks[i + 1] as number;
      const end = marks[i + 2] as number;
      const flags = marks[i + 3] as number;
      let name = all.slice(start, middle);
      let value = all.slice(middle, end);
      if (flags !== 0) {
        const nameText = (flags & NAME_NOT_ASCII) === 0 ? name : decodeUtf8(octets, start, middle);
        const valueText = (flags & VALUE_NOT_ASCII) === 0 ? value : decodeUtf8(octets, middle, end);
        // What is not UTF-8 stays as it is: read as Latin-1.
        name = nameText ?? name;
        value = valueText ?? value;
        if (nameText === undefined) addProblem(problems, 'name-not-utf8', name);
        if (valueText === undefined) addProblem(problems, 'not-utf8', name);
        if ((flags & BAD_ESCAPE) !== 0) addProblem(problems, 'bad-escape', name);
      }
      const path = this.#pathOf(name);
      if (path !== undefined) root.put(path, value);
    }
    return finishRoot(root);
  }

  #pathOf(name: string): FieldPath | undefined {
    const known = this.#paths.get(name);
    if (known !== undefined) return known;
    if (name.length > MAX_NAME)
      throw new DecodeError('field-name-too-long', `a field's name has more than ${MAX_NAME} characters`);
    if (name.length > MAX_REMEMBERED_LENGTH) return parseFieldName(name);
    const own = copyText(name);
    const path = parseFieldName(own);
    if (path === undefined) return undefined;
    if (this.#paths.size >= MAX_REMEMBERED) this.#paths.clear();
    this.#paths.set(own, path);
    return path;
  }
}
