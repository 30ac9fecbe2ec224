import type { Ratio } from './table.js';

/** Something to be measured. */
export interface Candidate {
  readonly name: string;
  /** Does it so many times. */
  run(times: number): void | Promise<void>;
}

export interface RoundsOptions {
  /** For each candidate, all rounds together. */
  readonly seconds: number;
  /** How often each one runs before anything is measured. */
  readonly warmUp: number;
  /** Default 25. */
  readonly rounds?: number;
}

/** What came of one candidate. */
export interface Measured {
  /** Nanoseconds of processor time for doing it once, by round. */
  readonly times: readonly number[];
}

/**
 * Measures candidates in rounds: each one runs for a slice of each round, in an order that is rotated from round to
 * round, so that what disturbs the machine for a while disturbs all of them.
 */
export async function measure(
  candidates: readonly Candidate[],
  { seconds, warmUp, rounds = 25 }: RoundsOptions,
): Promise<ReadonlyMap<string, Measured>> {
  const slice = (seconds * 1e9) / rounds;
  const batches = new Map<Candidate, number>();
  for (const candidate of candidates) {
    await candidate.run(warmUp);
    batches.set(candidate, await batchFor(candidate, slice / 4));
  }
  const measured = new Map(candidates.map(({ name }) => [name, { times: [] as number[] }]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[(i + round) % candidates.length] as Candidate;
      measured.get(candidate.name)?.times.push(await timeOnce(candidate, batches.get(candidate) ?? 1, slice));
    }
  }
  return measured;
}

/** How often to do it between two looks at the clock. */
async function batchFor(candidate: Candidate, nanoseconds: number): Promise<number> {
  const probe = 8;
  const start = cpuTime();
  await candidate.run(probe);
  const each = Math.max(1, cpuTime() - start) / probe;
  return Math.max(1, Math.min(100_000, Math.floor(nanoseconds / each)));
}

async function timeOnce(candidate: Candidate, batch: number, slice: number): Promise<number> {
  let done = 0;
  const start = cpuTime();
  for (;;) {
    await candidate.run(batch);
    done += batch;
    const passed = cpuTime() - start;
    if (passed >= slice) return passed / done;
  }
}

/**
 * The processor time of this process, in nanoseconds, of all its threads. The clock on the wall would count whatever
 * else runs on the machine too.
 */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** The median of the ratios of each round, with the smallest and the largest. */
export function ratioOf(values: readonly number[], base: readonly number[]): Ratio {
  const ratios = values.map((value, round) => value / (base[round] ?? Number.NaN)).sort((a, b) => a - b);
  return { median: median(ratios), min: ratios[0] ?? Number.NaN, max: ratios.at(-1) ?? Number.NaN };
}

/** @param sorted - ascending. */
export function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
