import { parseArgs } from 'node:util';

/** The parts of the bench, in the order in which they run. */
export const partNames = ['verify', 'decode', 'replay', 'startup', 'http', 'scale', 'memory', 'inbox'] as const;

export type PartName = (typeof partNames)[number];

/** What the command line asks for. */
export interface BenchOptions {
  readonly parts: readonly PartName[];
  /** No part was named: the tables go into docs/performance.md. */
  readonly whole: boolean;
  /** How long each row is measured, all rounds together. */
  readonly seconds: number;
  /** Millions of calls that the part `memory` takes. */
  readonly millions: number;
  readonly json: boolean;
  /** False: what is not installed is left out. */
  readonly install: boolean;
}

/** @throws TypeError that says what to give. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '2' },
      millions: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      'no-install': { type: 'boolean', default: false },
    },
  });
  const seconds = Number(values.seconds);
  if (!(seconds > 0 && seconds <= 600)) throw new TypeError('--seconds: give a number above 0 and up to 600.');
  const millions = Number(values.millions);
  if (!(millions > 0 && millions <= 100)) throw new TypeError('--millions: give a number above 0 and up to 100.');
  const unknown = positionals.find((name) => !partNames.includes(name as PartName));
  if (unknown !== undefined) throw new TypeError(`There is no part ${unknown}; there are ${partNames.join(', ')}.`);
  const parts = positionals.length === 0 ? partNames : (positionals as PartName[]);
  return {
    parts,
    whole: positionals.length === 0,
    seconds,
    millions,
    json: values.json,
    install: !values['no-install'],
  };
}
