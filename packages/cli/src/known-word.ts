import { misuse } from './failure.js';
import { nearest } from './nearest.js';

/** One of a list of words. @throws Failure of misuse that names the nearest one, and all. */
export function knownWord(what: string, word: string, words: readonly string[]): string {
  if (words.includes(word)) return word;
  const meant = nearest(word, words);
  const all = `There are: ${words.join(', ')}.`;
  throw misuse(
    `There is no ${what} named ${JSON.stringify(word.slice(0, 80))}.`,
    meant === undefined ? all : `Did you mean ${meant}? ${all}`,
  );
}
