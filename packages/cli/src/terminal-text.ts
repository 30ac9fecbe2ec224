const MAX_TEXT = 200;

/**
 * Received text made fit for a terminal: escape sequences, control characters and those that turn the direction of text
 * are shown as `\ufffd`, and it is cut to 200 characters.
 */
export function safeText(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace
  return short.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '\ufffd');
}
