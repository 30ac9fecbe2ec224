/** What begins with these bytes is plainly no verification file. */
const signatures: readonly (readonly [bytes: string, kind: string])[] = [
  ['PK\x03\x04', 'a zip archive'],
  ['PK\x05\x06', 'a zip archive'],
  ['\x1f\x8b', 'a gzip archive'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
  ['Rar!\x1a\x07', 'a RAR archive'],
  ['BZh', 'a bzip2 archive'],
  ['\xfd7zXZ\x00', 'an xz archive'],
  ['%PDF-', 'a PDF document'],
  ['{\\rtf', 'an RTF document'],
  ['\xd0\xcf\x11\xe0', 'an Office document'],
  ['bplist00', 'a saved web page (webarchive)'],
  ['\x89PNG\r\n', 'a PNG image'],
  ['\xff\xd8\xff', 'a JPEG image'],
  ['GIF8', 'a GIF image'],
  ['\x7fELF', 'a program'],
];

/**
 * What a file plainly is, when it is no verification file: the vendor's are small plain texts. Undefined when it may
 * be one.
 */
export function otherKindOf(bytes: Buffer): string | undefined {
  if (bytes.length === 0) return 'an empty file';
  const start = bytes.toString('latin1', 0, 1024);
  for (const [signature, kind] of signatures) if (start.startsWith(signature)) return kind;
  if (isBlank(bytes)) return 'a file that holds only white space';
  const text = start.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^<(?:!doctype\s+html|html|head|body|title|meta|script|!--)/i.test(text)) {
    return 'HTML, a web page: a log-in or error page that was saved by mistake, perhaps';
  }
  if (/^<\?xml|^<svg/i.test(text)) return 'XML';
  if (/^(?:From|MIME-Version|Snapshot-Content-Location): .*/.test(text)) return 'a saved web page or mail';
  if (/^\[InternetShortcut\]/i.test(text)) return 'a link that was saved in place of the file';
  if (start.startsWith('\xff\xfe') || start.startsWith('\xfe\xff')) return 'UTF-16 text: an editor saved it anew';
  if (bytes.includes(0)) return 'binary data';
  return undefined;
}

function isBlank(bytes: Buffer): boolean {
  return bytes.toString('utf8').trim() === '';
}
