import type { Command } from 'commander';

/** A command, as far as completion goes. */
interface Words {
  readonly name: string;
  readonly description: string;
  readonly options: readonly {
    readonly flag: string;
    readonly description: string;
    readonly values: readonly string[];
  }[];
  /** What its first argument may be, where that is a list. */
  readonly values: readonly string[];
}

/** The script for a shell: everything is in it, so that completing starts no process. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish' | 'powershell', program: Command): string {
  const name = program.name();
  const commands = program.commands.map(wordsOf);
  return { bash, zsh, fish, powershell }[shell](name, commands);
}

function wordsOf(command: Command): Words {
  return {
    name: command.name(),
    description: plain(command.description()),
    options: [
      ...command.options,
      { long: '--help', description: 'help for this command', argChoices: undefined },
    ].flatMap(({ long, description, argChoices }) =>
      typeof long === 'string' ? [{ flag: long, description: plain(description), values: argChoices ?? [] }] : [],
    ),
    values: command.registeredArguments[0]?.argChoices ?? [],
  };
}

/** Quotes and the like mean something else in each shell; descriptions can do without. */
function plain(text: string): string {
  return text.replace(/[^A-Za-z0-9 .,;:()=/-]/g, '').slice(0, 100);
}

function functionName(name: string): string {
  return `_${name.replaceAll('-', '_')}`;
}

function bash(name: string, commands: readonly Words[]): string {
  const cases = commands.map(({ name: one, options, values }) => {
    const choices = options
      .filter((option) => option.values.length > 0)
      .map(
        (option) =>
          `        ${one}:${option.flag}) COMPREPLY=($(compgen -W '${option.values.join(' ')}' -- "$word")); return ;;\n`,
      );
    const words = [...values, ...options.map((option) => option.flag)].join(' ');
    return { choices: choices.join(''), words: `        ${one}) words='${words}' ;;\n` };
  });
  return `# ${name} completion for bash
${functionName(name)}() {
    local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}" words=''
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W '${commands.map((one) => one.name).join(' ')} --help --version' -- "$word"))
        return
    fi
    case "$command:$before" in
${cases.map((one) => one.choices).join('')}        *) ;;
    esac
    case "$command" in
${cases.map((one) => one.words).join('')}        *) ;;
    esac
    case "$word" in
        -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
        *) COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word")) ;;
    esac
}
complete -o filenames -F ${functionName(name)} ${name}
`;
}

function zsh(name: string, commands: readonly Words[]): string {
  const list = commands.map((one) => `        '${one.name}:${one.description.replaceAll(':', ' ')}'\n`).join('');
  const cases = commands.map(({ name: one, options, values }) => {
    const flags = options.map((option) => {
      const value = option.values.length > 0 ? `:value:(${option.values.join(' ')})` : '';
      return `            '*${option.flag}[${option.description}]${value}' \\\n`;
    });
    const rest = values.length > 0 ? `(${values.join(' ')})` : '_files';
    return `        ${one}) _arguments \\\n${flags.join('')}            '*:file:${rest}' ;;\n`;
  });
  return `#compdef ${name}
# ${name} completion for zsh
${functionName(name)}() {
    local -a commands
    commands=(
${list}    )
    if (( CURRENT == 2 )); then
        _describe 'command' commands
        return
    fi
    local command="$words[2]"
    shift words
    (( CURRENT-- ))
    case "$command" in
${cases.join('')}    esac
}
compdef ${functionName(name)} ${name}
`;
}

function fish(name: string, commands: readonly Words[]): string {
  const lines = commands.flatMap(({ name: one, description, options, values }) => {
    const within = `complete -c ${name} -n '__fish_seen_subcommand_from ${one}'`;
    return [
      `complete -c ${name} -n __fish_use_subcommand -f -a ${one} -d '${description}'`,
      ...(values.length > 0 ? [`${within} -f -a '${values.join(' ')}'`] : []),
      ...options.map(({ flag, description: about, values: choices }) => {
        const value = choices.length > 0 ? ` -x -a '${choices.join(' ')}'` : '';
        return `${within} -l ${flag.slice(2)}${value} -d '${about}'`;
      }),
    ];
  });
  return `# ${name} completion for fish\n${lines.join('\n')}\n`;
}

function powershell(name: string, commands: readonly Words[]): string {
  const table = commands.map(({ name: one, options, values }) => {
    const words = [...values, ...options.map((option) => option.flag)].map((word) => `'${word}'`);
    return `        '${one}' = @(${words.join(', ')})\n`;
  });
  return `# ${name} completion for PowerShell
Register-ArgumentCompleter -Native -CommandName '${name}' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $commands = [ordered]@{
${table.join('')}    }
    $given = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    $command = if ($given.Count -gt 1) { $given[1] } else { '' }
    $words = if ($commands.Contains($command)) { $commands[$command] } else { @($commands.Keys) + '--help' + '--version' }
    $words | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
}
`;
}
