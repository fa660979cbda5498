/** A command line and its effect. */
export type Example = readonly [line: string, effect: string];

/** The examples in each command's help, by command name. `stapflame` stands for the program's own help. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  stapflame: [
    ['stapflame flame trace.bt -o flame.svg', 'draw a trace'],
    ['sudo stapflame flame -p 4242 -t 30 -o flame.svg', 'sample a process for 30 seconds and draw it'],
    ['stapflame top trace.bt', 'list the most expensive functions'],
    ['stapflame doctor', 'find out what prevents sampling'],
    ['stapflame help flame', 'show the options of a command'],
  ],
  script: [
    [
      'stapflame script -p 4242 -t 30 > sample.stp',
      'print a script; the command that runs it goes to stderr',
    ],
    ['stapflame script --command-line -p 4242 -t 30', 'print only the command that runs the script'],
    ['stapflame script --kind off-cpu -p 4242 -t 30', 'print a script that measures time spent waiting'],
  ],
  record: [
    ['sudo stapflame record -p 4242 -t 30 -o trace.bt', 'sample a process for 30 seconds'],
    ['stapflame record --host web1 -p 4242 -t 30 -o trace.bt', 'sample on another machine, over ssh'],
    ['sudo stapflame record --system -t 10 -o trace.bt', 'sample the whole machine'],
  ],
  parse: [
    ['stapflame parse trace.bt', 'print each stack as a line of JSON'],
    ['stapflame parse --focus malloc trace.bt', 'print only stacks that contain malloc'],
  ],
  fold: [
    ['stapflame fold trace.bt -o trace.folded', 'fold a trace'],
    ['stapflame fold trace.bt -o profile.pb.gz', 'write a profile for go tool pprof'],
    ['stapflame fold --label-module trace.bt', "add each function's module to its label"],
  ],
  render: [
    ['stapflame render trace.folded -o flame.svg', 'draw folded stacks'],
    [
      'stapflame render --inverted --colors java trace.folded -o icicle.svg',
      'draw folded stacks with the root at the top',
    ],
    ['stapflame render trace.folded -o flame.html --open', 'draw an HTML page and open it in the browser'],
  ],
  flame: [
    ['stapflame flame trace.bt -o flame.svg', 'draw a trace'],
    ['sudo stapflame flame -p 4242 -t 30 -o flame.svg', 'sample a process for 30 seconds and draw it'],
    ["stapflame flame --focus '^malloc$' trace.bt -o malloc.svg", 'draw only stacks that contain malloc'],
    [
      'stapflame flame --blank-separated samples.txt -o flame.svg',
      'draw samples that are separated by blank lines and have no counts',
    ],
  ],
  tabs: [['stapflame tabs before.svg after.svg -o both.html', 'put two pictures into one page']],
  top: [
    ['stapflame top trace.bt', 'list the 20 functions that used the most time'],
    [
      'stapflame top --sort total --limit 0 trace.folded',
      'list all functions by the time that they and their callees used',
    ],
    [
      'stapflame top --focus memcpy --columns total,name trace.bt',
      'list the functions on stacks that contain memcpy',
    ],
    ['stapflame top --markdown trace.bt >> report.md', 'write the table as Markdown'],
  ],
  peek: [
    ["stapflame peek '^memcpy$' trace.bt", 'show the callers and callees of memcpy'],
    [
      'stapflame peek --ignore idle lock trace.folded',
      'show the callers and callees of all functions whose names contain lock',
    ],
  ],
  tree: [
    ['stapflame tree trace.bt', 'show callers and callees with at least 0.5 % of the samples'],
    [
      'stapflame tree --min-share 5% --show-from main trace.folded',
      'show only main and its callees with at least 5 % of the samples',
    ],
  ],
  merge: [
    ['stapflame merge before.folded after.folded -o both.folded', 'sum two files'],
    [
      'stapflame merge --source file before.folded after.folded',
      "use each file's name as the root of its stacks",
    ],
  ],
  split: [
    ['stapflame split -n 4 trace.bt', 'cut a trace into four parts, trace.bt.1 to trace.bt.4'],
    [
      'stapflame split --print-ranges --bytes 256M trace.bt',
      'print where the trace can be cut, without writing files',
    ],
  ],
  diff: [
    ['stapflame diff before.folded after.folded', 'list the functions that changed significantly'],
    ['stapflame diff before.folded after.folded -o diff.svg', 'draw the difference'],
    [
      'stapflame diff --fail-above 2% before.folded after.folded',
      "exit with 1 if a function's share grew by more than 2 percentage points",
    ],
  ],
  doctor: [
    ['stapflame doctor', 'report what prevents sampling on this machine'],
    ['stapflame doctor -p 4242', "also list a process's files that lack symbols"],
    [
      'stapflame doctor trace.bt',
      'list the files without symbols in a trace, with their shares of the samples',
    ],
    [
      'stapflame doctor trace.bt --debug-dir build',
      'report how many samples would get names from the files in build',
    ],
    ['stapflame doctor --stderr stap.err', 'explain messages that were saved in a file'],
    ['sudo stap … > trace.bt 2> >(stapflame doctor)', 'explain messages while stap runs (bash, zsh)'],
  ],
  completion: [
    [
      'stapflame completion bash > ~/.stapflame.bash',
      'install completion for bash; add to ~/.bashrc: source ~/.stapflame.bash',
    ],
    [
      'stapflame completion zsh > ~/.zfunc/_stapflame',
      'install completion for zsh in any directory in $fpath',
    ],
    ['stapflame completion fish > ~/.config/fish/completions/stapflame.fish', 'install completion for fish'],
  ],
  man: [['stapflame man | man -l -', 'read the manual page without installing it']],
};

/** Returns the examples as the help shows them, each with its effect as a comment above it. */
export function examplesText(command: string): string {
  const lines = (EXAMPLES[command] ?? []).map(([line, effect]) => `  # ${effect}\n  ${line}`);
  return lines.length === 0 ? '' : `\nExamples:\n${lines.join('\n')}\n`;
}
