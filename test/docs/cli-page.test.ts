import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commands } from '../../packages/cli/src/commands.js';
import { createProgram } from '../../packages/cli/src/program.js';
import { causes } from '../../packages/cli/src/verify/causes.js';

/** The help of a command as it is printed, 110 characters wide, without colours. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => 110,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trim();
}

const lines = [
  ['`line`', 'when'],
  ['`ready`', 'it accepts calls: `address`, `port`'],
  ['`event`', 'a genuine call, written before its 200: `event`, with at least `kind`, `raw`, `occurredAt`'],
  ['`duplicate`', 'a call that was handled before came again, and was answered 200: `identity`, `key`, `url`'],
  ['`rejected`', 'a call was refused: `code`, `status`, `reason`, `evidence`'],
  ['`forwarded`', 'the target of `--forward-to` answered: `to`, `status`, `durationMs`'],
  ['`forward-failed`', 'it did not answer: `to`, `code`'],
];

/** As the formatter has tables. */
function table(rows: readonly string[][]): string {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head = '', ...rest] = rows.map(
    (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`,
  );
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest].join('\n');
}

function page(): string {
  const program = createProgram('0.0.0');
  const parts = [
    `# The command line

Written from the commands themselves: this is what \`--help\` prints. See also
[The first five minutes](first-five-minutes.md) and [Why was it refused?](why-refused.md).

For programs: with \`--json\` stdout holds one JSON document, or one a line where the command goes on (\`listen\`, \`dns\`,
\`key --watch\`), and nothing else; all else goes to stderr. A failure is
\`{"ok":false,"code":"ERR_…","message":…,"hint":…}\` with the command's own fields, also for options that cannot be
parsed; success has \`"ok":true\`. Exit codes are the same everywhere. Received text is cleaned of control characters
before it reaches a terminal. The tool reports nothing to anyone.

The lines of \`listen --json\`:

${table(lines)}`,
    `## smtpeter-webhooks\n\n\`\`\`text\n${helpOf(program)}\n\`\`\``,
    ...program.commands.map((command) => `## ${command.name()}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``),
  ];
  return `${parts.join('\n\n')}\n`;
}

describe('docs/cli.md', () => {
  it('is what the commands say (npx vitest run test/docs -u writes it anew)', async () => {
    await expect(page()).toMatchFileSnapshot(fileURLToPath(new URL('../../docs/cli.md', import.meta.url)));
  });

  it('every command has an example, and every option a text', () => {
    for (const command of createProgram('0.0.0').commands) {
      expect(helpOf(command), command.name()).toMatch(/Examples?:\n/);
      expect(helpOf(command), command.name()).toContain('Exit codes');
      for (const option of command.options)
        expect(option.description, `${command.name()} ${option.flags}`).not.toBe('');
    }
  });
});

describe('the commands', () => {
  it('are called what they are listed as', () => {
    expect(createProgram('0.0.0').commands.map((one) => one.name())).toEqual(Object.keys(commands));
  });

  it('are made alone when they are called, and all of them where they are compared', () => {
    const made = (...words: string[]) => createProgram('0.0.0', words).commands.map((one) => one.name());
    expect(made('place', 'check', '--json')).toEqual(['place']);
    expect(made('--json', 'check')).toEqual(['check']);
    for (const words of [[], ['--help'], ['help', 'place'], ['plase'], ['completion', 'bash'], ['constructor']]) {
      expect(made(...words), words.join(' ')).toEqual(Object.keys(commands));
    }
  });
});

describe('docs/why-refused.md', () => {
  it('has the table of causes that the tool has', async () => {
    const { readFileSync } = await import('node:fs');
    const text = readFileSync(new URL('../../docs/why-refused.md', import.meta.url), 'utf8');
    const [, recognised = ''] = text.split('## What it recognises');
    const rows = [...recognised.matchAll(/^\| `([a-z-]+)` +\| (.+?) +\|$/gm)].map(([, id, title]) => [id, title]);
    expect(rows).toEqual(Object.entries(causes).map(([id, { title }]) => [id, title]));
  });
});
