import type { ShownCommand, ShownOption } from './surface.ts';

/** The shells that have a completion script. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Returns a shell's completion script. It contains all commands, so pressing Tab does not run stapflame. */
export function completionScript(shell: Shell, commands: readonly ShownCommand[]): string {
  return SCRIPTS[shell](commands);
}

const SCRIPTS: Readonly<Record<Shell, (commands: readonly ShownCommand[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Quotes a string as one word, in a way that bash, zsh and fish accept. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function namesOf(commands: readonly ShownCommand[]): string {
  return commands.map(({ name }) => name).join(' ');
}

function spellings({ short, long }: ShownOption): readonly string[] {
  return [short, long].filter((each) => each !== undefined);
}

function bashScript(commands: readonly ShownCommand[]): string {
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap((option) => {
      const { value } = option;
      if (value.kind === 'none') return [];
      const patterns = spellings(option).map((each) => `${name}:${each}`);
      const reply =
        value.kind === 'choice'
          ? `COMPREPLY=($(compgen -W ${quoted(value.choices.join(' '))} -- "$current"))`
          : value.kind === 'file'
            ? 'compopt -o default'
            : ':';
      return [`    ${patterns.join('|')}) ${reply}; return ;;`];
    }),
  );
  const options = commands.map(
    ({ name, options: own }) =>
      `      ${name}) COMPREPLY=($(compgen -W ${quoted(own.flatMap(spellings).join(' '))} -- "$current")) ;;`,
  );
  const files = commands.filter(({ takesFiles }) => takesFiles).map(({ name }) => name);
  return `# bash completion of stapflame
_stapflame() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command='' word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${namesOf(commands).replaceAll(' ', '|')}) command=$word; break ;; esac
  done
  case $command:$previous in
    :stapflame|help:help) COMPREPLY=($(compgen -W ${quoted(namesOf(commands))} -- "$current")); return ;;
    completion:completion) COMPREPLY=($(compgen -W ${quoted(SHELLS.join(' '))} -- "$current")); return ;;
${values.join('\n')}
  esac
  case $current in
    -*)
      case $command in
${options.join('\n')}
      esac
      return ;;
  esac
  case $command in ${files.join('|')}) compopt -o default ;; esac
}
complete -F _stapflame stapflame
`;
}

function zshScript(commands: readonly ShownCommand[]): string {
  const described = commands.map(({ name, description }) => `    ${quoted(`${name}:${plain(description)}`)}`);
  const cases = commands.map(({ name, options, takesFiles }) => {
    const specs = options.flatMap((option) =>
      spellings(option).map((each) => `        ${quoted(`*${each}${zshSpec(option)}`)}`),
    );
    const rest =
      name === 'completion'
        ? [`        ${quoted(`1:shell:(${SHELLS.join(' ')})`)}`]
        : name === 'help'
          ? [`        ${quoted(`1:command:(${namesOf(commands)})`)}`]
          : takesFiles
            ? [`        ${quoted('*:file:_files')}`]
            : [];
    return `    ${name})\n      _arguments \\\n${[...specs, ...rest].join(' \\\n')} ;;`;
  });
  return `#compdef stapflame
_stapflame() {
  local -a commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _stapflame ]]; then _stapflame "$@"; else compdef _stapflame stapflame; fi
`;
}

function zshSpec({ description, value }: ShownOption): string {
  const said = `[${plain(description).replaceAll(/[[\]]/g, '\\$&')}]`;
  if (value.kind === 'none') return said;
  if (value.kind === 'choice') return `${said}:value:(${value.choices.join(' ')})`;
  return value.kind === 'file' ? `${said}:file:_files` : `${said}:value: `;
}

/** Puts a description on one line, without characters that are special in a zsh specification. */
function plain(description: string): string {
  return description.replaceAll(/\s+/g, ' ').replaceAll(':', ' -').replaceAll('\\', '');
}

function fishScript(commands: readonly ShownCommand[]): string {
  const names = namesOf(commands);
  const first = `not __fish_seen_subcommand_from ${names}`;
  const lines = commands.flatMap(({ name, description, options, takesFiles }) => {
    const here = quoted(`__fish_seen_subcommand_from ${name}`);
    const own = options.map((option) => fishOption(here, option));
    const files = takesFiles ? [`complete -c stapflame -n ${here} -F`] : [];
    return [
      `complete -c stapflame -n ${quoted(first)} -a ${name} -d ${quoted(description)}`,
      ...own,
      ...files,
    ];
  });
  return `# fish completion of stapflame
complete -c stapflame -f
complete -c stapflame -n '__fish_seen_subcommand_from help' -a ${quoted(names)}
complete -c stapflame -n '__fish_seen_subcommand_from completion' -a ${quoted(SHELLS.join(' '))}
${lines.join('\n')}
`;
}

function fishOption(condition: string, { short, long, description, value }: ShownOption): string {
  const words = [
    ...(short === undefined ? [] : ['-s', short.slice(1)]),
    ...(long === undefined ? [] : ['-l', long.slice(2)]),
    ...(value.kind === 'choice' ? ['-x', '-a', quoted(value.choices.join(' '))] : []),
    ...(value.kind === 'file' ? ['-r', '-F'] : []),
    ...(value.kind === 'text' ? ['-x'] : []),
  ];
  return `complete -c stapflame -n ${condition} ${words.join(' ')} -d ${quoted(description)}`;
}
