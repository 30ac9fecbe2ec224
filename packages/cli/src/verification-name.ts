/** Names as the vendor gives them: `smtpeter-`, then ASCII letters, digits, `-` and `_`, then `.txt`. */
const vendorName = /^smtpeter-[A-Za-z0-9_-]{1,200}\.txt$/;

/** What browsers and systems put to the name of a copy: ` (1)`, `(1)`, ` - Copy`, ` – Kopie`, ` copy 2`, also in Dutch and German. */
const copyMark =
  /(?: {0,2}\(\d{1,4}\)| {1,2}[-–] {1,2}(?:copy|kopie)(?: {0,2}\(\d{1,4}\))?| {1,2}(?:copy|kopie)(?: {1,2}\d{1,4})?)$/i;
/** `Copy of …`, and what saves a name twice: `.txt.txt`, wget's `.txt.1`. */
const copyPrefix = /^(?:copy of|kopie van|kopie von)\s+/i;
/** Where spaces are not saved: the `_` may be the copy's, or the name's own. */
const doubtfulMark = /_\(\d{1,4}\)(?:\.txt)?$/i;
const doubledEnding = /\.txt(?:\.txt|\.\d{1,4})$/i;

/** True for a name that the vendor gives, and that our middleware serves. */
export function isVerificationName(name: string): boolean {
  return vendorName.test(name);
}

/** The real name of a downloaded file: its own, or that of which it is a copy's; undefined when it is neither. */
export function realNameOf(name: string): string | undefined {
  if (name.length > 255) return undefined;
  let rest = name;
  // A copy of a copy has several marks.
  for (let i = 0; i < 8; i++) {
    if (isVerificationName(rest)) return rest;
    if (doubtfulMark.test(rest)) return undefined;
    const before = rest;
    rest = rest.replace(copyPrefix, '').replace(doubledEnding, '.txt');
    if (rest.endsWith('.txt')) rest = `${rest.slice(0, -'.txt'.length).replace(copyMark, '')}.txt`;
    // `smtpeter-abc.txt (1)`, `smtpeter-abc.txt - Copy`
    else rest = rest.replace(copyMark, '');
    if (rest === before) return undefined;
  }
  return undefined;
}

/** For a name that is none of the vendor's: which of them may be meant, to be asked; empty when none is in sight. */
export function namesMeantBy(name: string): readonly string[] {
  if (name.length > 255) return [];
  const lower = name.replace(/\.txt$/i, '.txt');
  const mark = doubtfulMark.exec(lower);
  const meant = mark === null ? [lower] : ['', '_'].map((end) => `${lower.slice(0, mark.index)}${end}.txt`);
  return meant.map(realNameOf).filter((one) => one !== undefined);
}

/** Why a name cannot be given to a file that is placed, or undefined when it can. */
export function problemOfName(name: string): string | undefined {
  if (!name.endsWith('.txt')) return 'it must end in .txt';
  if (name.startsWith('.')) return 'it must not start with a dot';
  if (/[/\\]/.test(name)) return 'it must not hold a separator';
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}:*?"<>|]/u.test(name)) return 'it must not hold control or reserved characters';
  if (Buffer.byteLength(name) > 200) return 'it must be at most 200 bytes long';
  return undefined;
}
