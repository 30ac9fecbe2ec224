import { misuse } from '../failure.js';

type Fields = { [name: string]: string | Fields };

/** Reads `field=value` and `fields[name]=value` into nested fields. @throws Failure of misuse. */
export function readFields(settings: readonly string[]): Fields {
  const root: Fields = Object.create(null) as Fields;
  for (const setting of settings) {
    const match = /^([^=[\]]+)((?:\[[^=[\]]*\])*)=([\s\S]*)$/.exec(setting);
    if (match === null)
      throw misuse(`--set takes field=value or field[name]=value, not ${JSON.stringify(setting.slice(0, 80))}.`);
    const [, first = '', brackets = '', value = ''] = match;
    const path = [first, ...[...brackets.matchAll(/\[([^[\]]*)\]/g)].map((one) => one[1] ?? '')];
    let at = root;
    for (const name of path.slice(0, -1)) {
      const next = at[name];
      const deeper: Fields = typeof next === 'object' ? next : (Object.create(null) as Fields);
      at[name] = deeper;
      at = deeper;
    }
    at[path.at(-1) ?? ''] = value;
  }
  return root;
}
