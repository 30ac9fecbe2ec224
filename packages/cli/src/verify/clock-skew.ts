/** What several calls say together about the clock of who received them. */
export interface ClockSkew {
  /** How many calls say so: those whose moment of receipt is known, and whose signature holds. */
  readonly calls: number;
  /** Of the middle one: receipt minus Date, in seconds; above 0 this machine's clock is ahead, or the calls were late. */
  readonly seconds: number;
  /** Between the least and the most, in seconds. */
  readonly spread: number;
  /** True when it is the same in all calls, to some seconds: a clock is wrong. Else they were under way for long. */
  readonly steady: boolean;
}

/** A call is usually under way for less. */
const USUAL_SECONDS = 30;
/** What a network adds to a skew differs by no more. */
const STEADY_SECONDS = 10;

/**
 * One late call looks like a wrong clock; several tell the two apart.
 *
 * @param ages - receipt minus Date of each call, in seconds.
 * @returns undefined for fewer than two calls, and when nothing is unusual.
 */
export function clockSkew(ages: readonly number[]): ClockSkew | undefined {
  const sorted = [...ages].sort((a, b) => a - b);
  const [least, most, seconds] = [sorted[0], sorted.at(-1), sorted[Math.floor(sorted.length / 2)]];
  if (sorted.length < 2 || least === undefined || most === undefined || seconds === undefined) return undefined;
  if (Math.max(Math.abs(least), Math.abs(most)) <= USUAL_SECONDS) return undefined;
  const spread = most - least;
  return { calls: sorted.length, seconds, spread, steady: spread <= STEADY_SECONDS };
}

/** The same in a sentence. */
export function spellSkew({ calls, seconds, spread, steady }: ClockSkew): string {
  const side = seconds > 0 ? 'ahead of' : 'behind';
  return steady
    ? `A steady skew: in all ${calls} calls this machine's clock is ${Math.abs(seconds)} s ${side} the sender's, to ${spread} s.`
    : `No steady skew: the ages of ${calls} calls differ by ${spread} s, so calls were late and the clock may be right.`;
}
