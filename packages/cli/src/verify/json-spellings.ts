interface Style {
  /** Behind a comma, and behind a colon. */
  readonly comma: string;
  readonly colon: string;
  /** One level; empty for everything on one line. */
  readonly indent: string;
  readonly escapeSlash: boolean;
  readonly escapeUnicode: boolean;
}

const layouts: readonly Pick<Style, 'comma' | 'colon' | 'indent'>[] = [
  { comma: '', colon: '', indent: '' },
  { comma: ' ', colon: ' ', indent: '' },
  { comma: '', colon: ' ', indent: '  ' },
  { comma: '', colon: ' ', indent: '    ' },
  { comma: '', colon: ' ', indent: '\t' },
];

/**
 * The texts that common libraries would write for a JSON value: compact as JavaScript and PHP do, with spaces as Python
 * does, indented; slashes and characters above ASCII escaped or not.
 *
 * @param source - the text that the value was read from: its numbers are kept as they are spelled there.
 */
export function* jsonSpellings(value: unknown, source: string): Generator<string> {
  const numbers = numbersOf(source);
  for (const layout of layouts) {
    for (const escapeSlash of [false, true]) {
      for (const escapeUnicode of [false, true]) {
        let next = 0;
        const style = { ...layout, escapeSlash, escapeUnicode };
        yield write(value, style, '', (number) => numbers[next++] ?? String(number));
      }
    }
  }
}

function write(value: unknown, style: Style, margin: string, number: (value: number) => string): string {
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return quote(value, style);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = margin + style.indent;
  const items = Array.isArray(value)
    ? value.map((one) => write(one, style, deeper, number))
    : Object.entries(value).map(
        ([name, one]) => `${quote(name, style)}:${style.colon}${write(one, style, deeper, number)}`,
      );
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  if (items.length === 0) return `${open}${close}`;
  if (style.indent === '') return `${open}${items.join(`,${style.comma}`)}${close}`;
  return `${open}\n${deeper}${items.join(`,\n${deeper}`)}\n${margin}${close}`;
}

function quote(text: string, { escapeSlash, escapeUnicode }: Style): string {
  let quoted = JSON.stringify(text);
  if (escapeSlash) quoted = quoted.replaceAll('/', '\\/');
  if (escapeUnicode) {
    quoted = quoted.replace(/[\u007f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  }
  return quoted;
}

/** The numbers of a JSON text in their order, outside its strings. An object whose names are numbers reorders them; so be it. */
function numbersOf(source: string): string[] {
  return [...source.matchAll(/"(?:[^"\\]|\\[\s\S])*"?|(-?\d[\d.eE+-]*)/g)].flatMap(([, one]) =>
    one === undefined ? [] : [one],
  );
}
