import { color } from '../color.js';
import { terminalJson, visibleText } from '../terminal-text.js';

/** How it ended; what `--json` prints, word for word. */
export interface Outcome {
  readonly ok: true;
  readonly action: 'created' | 'unchanged' | 'replaced' | 'would-create' | 'would-replace';
  readonly path: string;
  readonly url: string | null;
  readonly rule: { readonly id: string; readonly why: string };
  readonly bytes: number;
  readonly sha256: string;
  /** The digest of what was replaced, or would be. */
  readonly existingSha256?: string | null;
  readonly directoriesCreated: readonly string[];
  readonly warnings: readonly string[];
  readonly next: readonly string[];
}

const headlines: Readonly<Record<Outcome['action'], string>> = {
  created: 'placed',
  unchanged: 'already in place',
  replaced: 'replaced',
  'would-create': 'would be placed (dry run)',
  'would-replace': 'would be replaced (dry run)',
};

/** What to do now, one sentence each. */
export function nextSteps(what: {
  readonly file: string;
  readonly url: string | null;
  readonly callback: string | undefined;
  readonly rebuild: boolean;
  readonly dryRun: boolean;
}): string[] {
  const steps: string[] = [];
  if (what.dryRun) steps.push('Run it again without --dry-run.');
  if (what.rebuild) steps.push('Rebuild and deploy: files there are fixed when the site is built.');
  const url = what.callback === undefined ? '<callback url>' : quoted(what.callback);
  steps.push(`Check it: smtpeter-webhooks check ${url} --file ${quoted(what.file)}`);
  steps.push('Then follow the verification link in the dashboard.');
  return steps;
}

/** Fit to be pasted into a shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Prints the outcome: a document for programs, or lines for people. */
export function printOutcome(outcome: Outcome, json: boolean): void {
  if (json) {
    process.stdout.write(`${terminalJson(outcome)}\n`);
    return;
  }
  const { action, path, url, rule, directoriesCreated, warnings, next } = outcome;
  const verb = action === 'would-create' ? 'would make' : 'made';
  const lines = [
    `${color.green(headlines[action])}: ${visibleText(path)}`,
    ...directoriesCreated.map((directory) => `${verb} the directory ${visibleText(directory)}`),
    `rule: ${rule.id}, because ${visibleText(rule.why)}`,
    ...warnings.map((warning) => `${color.yellow('warning')}: ${visibleText(warning)}`),
    ...(url === null ? [] : [`The vendor will find it at ${color.bold(visibleText(url))}`]),
    'Next:',
    ...next.map((step, i) => `  ${i + 1}. ${visibleText(step)}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
