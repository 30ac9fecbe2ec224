import { misuse } from './failure.js';

/** A whole number in a range. @throws Failure of misuse. */
export function wholeNumber(option: string, min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw misuse(`${option} takes a whole number from ${min} to ${max}, not ${JSON.stringify(text)}.`);
  };
}

/** A number above 0. @throws Failure of misuse. */
export function positiveNumber(option: string): (text: string) => number {
  return (text) => {
    const value = /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
    if (value > 0) return value;
    throw misuse(`${option} takes a number above 0, not ${JSON.stringify(text)}.`);
  };
}

/** Collects an option that may be repeated. */
export function repeated(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), text];
}

/** A whole URL, http or https, as it was written. @throws Failure of misuse. */
export function readUrl(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text;
  throw misuse(`${option} takes a whole URL, http or https, not ${JSON.stringify(text.slice(0, 80))}.`);
}
