import { HeaderLayout } from '#header-layout';
import type { Call } from './call.js';
import type { SignatureFrame } from './signature-frame.js';

/** The vendor writes one list, signs with a few keys, and comes by few ways: more are not worth looking through. */
const MAX = 8;

/**
 * What genuine calls have in common, as it came, so that it need not be read anew of each call. Only a signature that
 * held puts something in, so strangers cannot fill it. Who repeats a captured call with other lines that are not signed
 * can drive something out, which costs time and changes no judgement.
 */
export class Remembered {
  #layouts: readonly HeaderLayout[] = [];
  #frames: readonly SignatureFrame[] = [];
  /** Under load many calls are of one second. */
  lastDate: { readonly text: string; readonly instant: number } | undefined;

  /** The newest first. */
  get frames(): readonly SignatureFrame[] {
    return this.#frames;
  }

  /** @param lines - alternating names and values, as in {@link RequestHead.headers}. */
  layoutOf(lines: readonly string[]): HeaderLayout {
    for (const layout of this.#layouts) if (layout.fits(lines)) return layout;
    return new HeaderLayout(lines);
  }

  /** @param call - one whose signature holds. */
  keep({ lines, frame, date }: Call): void {
    if (!this.#layouts.includes(lines.layout)) {
      this.#layouts = withNewest(this.#layouts, lines.layout);
    }
    if (frame !== undefined && !this.#frames.includes(frame)) {
      // One whose signature is wrapped or unquoted would not know even its own header again.
      const isOfUse = frame.signatureIn(lines.one('signature')) !== undefined;
      if (isOfUse) this.#frames = withNewest(this.#frames, frame);
    }
    const text = lines.get('date');
    if (typeof text === 'string' && date !== undefined && this.lastDate?.text !== text) {
      this.lastDate = { text, instant: date };
    }
  }
}

function withNewest<T>(list: readonly T[], newest: T): readonly T[] {
  return [newest, ...list].slice(0, MAX);
}
