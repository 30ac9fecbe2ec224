import { HeaderLayout } from '#header-layout';
import type { Remembered as Full } from './remembered.js';

/** Remembers nothing: every call is read anew, which costs a Worker little. */
export class Remembered implements Pick<Full, 'frames' | 'lastDate' | 'layoutOf' | 'keep'> {
  readonly frames = [];
  readonly lastDate = undefined;
  readonly layoutOf = (lines: readonly string[]): HeaderLayout => new HeaderLayout(lines);
  readonly keep = (): void => {};
}
