// For runtimes with files and a console: reads corpus.json, prints what each case comes to.
import { readFileSync } from 'node:fs';
import { runSuite } from './suite.mjs';

const corpus = JSON.parse(readFileSync(new URL('corpus.json', import.meta.url), 'utf8'));
console.log(JSON.stringify(await runSuite(corpus)));
