/** Where the receiver writes to. pino and `console` fit. Each method gets one text. */
export interface Logger {
  /** What only matters while a fault is looked for. */
  debug(message: string): void;
  /** What happens when all is well. */
  info(message: string): void;
  /** Refused calls, and configuration that is risky. */
  warn(message: string): void;
  /** What failed on our side. */
  error(message: string): void;
}

const nothing = () => {};
const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
/** Looked up at each line, so that what replaces the console later is used. */
const quietConsole: Logger = {
  debug: nothing,
  info: nothing,
  warn: (message) => console.warn(message),
  error: (message) => console.error(message),
};

/**
 * The logger of an option. Without one, warnings and errors go to the console; `false` is silent. What a logger throws
 * is swallowed: it must not decide over calls.
 *
 * @throws TypeError when it is neither a logger nor false.
 */
export function readLogger(option: Logger | false | undefined): Logger {
  if (option === false) return silent;
  if (option === undefined) return guard(quietConsole);
  const levels = ['debug', 'info', 'warn', 'error'] as const;
  if (option === null || typeof option !== 'object' || levels.some((level) => typeof option[level] !== 'function')) {
    throw new TypeError('log: give an object with debug, info, warn and error, or false.');
  }
  return guard(option);
}

function guard(logger: Logger): Logger {
  const guarded = (level: keyof Logger) => (message: string) => {
    try {
      const result: unknown = logger[level](`smtpeter-webhooks: ${message}`);
      // A logger that writes to somewhere far away fails later; nobody else would catch it, and the process would end.
      void Promise.resolve(result).catch(nothing);
    } catch {
      // As said above.
    }
  };
  return { debug: guarded('debug'), info: guarded('info'), warn: guarded('warn'), error: guarded('error') };
}

const MAX_TEXT = 120;

/**
 * Received text made fit for a log line: control characters (C0, C1, DEL), line separators and those that turn the
 * direction of text are replaced, and it is cut to 120 characters.
 */
export function cleanText(text: string): string {
  const short = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace
  return short.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '\ufffd');
}
