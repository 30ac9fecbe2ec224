import { join } from 'node:path';
import { root } from './packed.js';

const modules = join(root, 'test/packages/node_modules');

/** A command of the private install, as a script for Node.js. */
export const tool = (path: string): string => join(modules, path);

/** The oldest Node.js that is supported, and the lines that people run today. */
export const nodes: Readonly<Record<string, string>> = {
  '20.19': tool('node20/bin/node'),
  '22': tool('node22/bin/node'),
  '24': tool('node24/bin/node'),
};

/** Compilers, the oldest first: the folder of each in the private install. */
export const compilers: Readonly<Record<string, string>> = {
  '5.4': 'typescript54',
  '5.8': 'typescript58',
  '5.9': 'typescript59',
  '6.0': 'typescript',
  '7.0': 'typescript7',
};
