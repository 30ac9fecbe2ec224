const MAX_TEXT = 200;

/** Received text made fit for a terminal, see {@link visibleText}, and cut to 200 characters. */
export function safeText(text: string): string {
  return visibleText(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
}

/** Escape sequences, control characters and those that turn the direction of text are shown as `\ufffd`. */
export function visibleText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '\ufffd');
}

/**
 * JSON whose text may be printed: JSON.stringify escapes the controls of ASCII alone, and a terminal acts on others, too.
 * The value stays the same.
 */
export function terminalJson(value: unknown): string {
  const escaped = (one: string) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, escaped);
}
