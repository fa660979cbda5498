/** Commands of other tools, each with the command that does the same here. */
const COMMANDS: Readonly<Record<string, string>> = {
  draw: 'flame',
  graph: 'flame',
  flamegraph: 'flame',
  svg: 'flame',
  collapse: 'fold',
  stackcollapse: 'fold',
  convert: 'fold -o profile.pb.gz',
  export: 'fold -o profile.pb.gz',
  pprof: 'fold -o profile.pb.gz',
  speedscope: 'fold -o profile.speedscope.json',
  report: 'top',
  list: 'top',
  hot: 'top',
  callers: 'peek',
  callees: 'peek',
  compare: 'diff',
  difffolded: 'diff',
  sum: 'merge',
  combine: 'merge',
  sample: 'record',
  profile: 'record',
  check: 'doctor',
  explain: 'doctor',
};

/**
 * Options of other tools, each with options that do the same here. The first of these that the command has is
 * suggested.
 */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  '-f': ['--output-format <name>'],
  '--format': ['--output-format <name>', '--json'],
  '--type': ['--output-format <name>'],
  '--out': ['--output <file>'],
  '--outfile': ['--output <file>'],
  '--output-file': ['--output <file>'],
  '--svg': ['--output-format svg'],
  '--html': ['--output-format html'],
  '--pprof': ['--output-format pprof'],
  '--proto': ['--output-format pprof'],
  '--speedscope': ['--output-format speedscope'],
  '--nthreads': ['--jobs <number>'],
  '--threads': ['--jobs <number>'],
  '--palette': ['--colors <text>'],
  '--icicle': ['--inverted'],
  '--image-width': ['--width <number>'],
  '--filter': ['--focus <regex>'],
  '--grep': ['--focus <regex>'],
  '--match': ['--focus <regex>'],
  '--include': ['--focus <regex>'],
  '--exclude': ['--ignore <regex>'],
  '--symfs': ['--debug-dir <directory>'],
  '--nodecount': ['--limit <number>'],
  '--cum': ['--sort total'],
  '--cumulative': ['--sort total'],
  '--children': ['--sort total'],
  '--flat': ['--sort self'],
  '--no-children': ['--sort self'],
  '--nodefraction': ['--min-share <share>', '--minwidth <text>'],
  '--percent-limit': ['--min-share <share>', '--minwidth <text>'],
  '--seconds': ['--time <seconds>'],
  '--duration': ['--time <seconds>'],
  '--freq': ['--frequency <hz>'],
  '--rate': ['--frequency <hz>'],
  '-e': ['--event <event>'],
  '--all-cpus': ['--system'],
  '-H': ['--host <[user@]host>'],
  '--remote': ['--host <[user@]host>'],
  '--ssh': ['--host <[user@]host>'],
  '--port': ["--ssh-arguments '-p PORT'"],
};

/** Options of other tools for what is always done here, each with the reason why it is not needed. */
const ALWAYS: Readonly<Record<string, string>> = {
  '-g': 'each sample is a stack',
  '--call-graph': 'each sample is a stack',
};

/** Returns our command that does what a command of this name does in other tools. */
export function commandNamed(word: string): string | undefined {
  return Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
}

/** Returns the option among `options` that does what an option of this name does in other tools. */
export function optionNamed(flag: string, options: ReadonlySet<string>): string | undefined {
  const known = Object.hasOwn(OPTIONS, flag) ? OPTIONS[flag]! : [];
  return known.find((option) => options.has(option.split(' ')[0]!));
}

/** Returns why a command that samples does not need an option of this name, which other tools have. */
export function neverNeeded(flag: string, options: ReadonlySet<string>): string | undefined {
  return options.has('--frequency') && Object.hasOwn(ALWAYS, flag) ? ALWAYS[flag] : undefined;
}
