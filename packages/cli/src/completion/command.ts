import { Argument, Command } from '@commander-js/extra-typings';
import { exitCodesText } from '../failure.js';

/** The options of `completion`. */
export function completionCommand() {
  return new Command('completion')
    .description('Prints a script that completes commands and options in your shell.')
    .addArgument(
      new Argument('<shell>', 'bash, zsh, fish or powershell').choices(['bash', 'zsh', 'fish', 'powershell'] as const),
    )
    .addHelpText(
      'after',
      `
Examples:
  bash:        eval "$(smtpeter-webhooks completion bash)"
  zsh:         eval "$(smtpeter-webhooks completion zsh)"
  fish:        smtpeter-webhooks completion fish | source
  powershell:  smtpeter-webhooks completion powershell | Out-String | Invoke-Expression
${exitCodesText}`,
    )
    .action(async (shell, _, command) => {
      const { completionScript } = await import('./completion.js');
      process.stdout.write(
        completionScript(shell, command.parent as unknown as Parameters<typeof completionScript>[1]),
      );
    });
}
