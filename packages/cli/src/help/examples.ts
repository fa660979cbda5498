/** A command line and its effect. */
export type Example = readonly [line: string, effect: string];

/** The examples in each command's help, by command name; the whole program's examples are under `stapflame`. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  stapflame: [
    ['stapflame flame trace.bt -o flame.svg', 'draw a trace'],
    ['sudo stapflame flame -p 4242 -t 30 -o flame.svg', 'sample a process for 30 seconds and draw it'],
    ['stapflame top trace.bt', 'list the functions that cost most'],
    ['stapflame doctor', 'find out what prevents sampling'],
    ['stapflame help flame', 'show the options of a command'],
  ],
  script: [
    ['stapflame script -p 4242 -t 30 > sample.stp', 'print a script; the stap command for it is on stderr'],
    ['stapflame script --command-line -p 4242 -t 30', 'print that command'],
    ['stapflame script --kind off-cpu -p 4242 -t 30', 'print a script that measures waiting, not computing'],
  ],
  record: [
    ['sudo stapflame record -p 4242 -t 30 -o trace.bt', 'sample a process for 30 seconds'],
    ['stapflame record --host web1 -p 4242 -t 30 -o trace.bt', 'sample on another machine, over ssh'],
    ['sudo stapflame record --system -t 10 -o trace.bt', 'sample the whole machine'],
  ],
  parse: [
    ['stapflame parse trace.bt', 'print each stack as a JSON object on a line'],
    ['stapflame parse --focus malloc trace.bt', 'print only stacks that contain malloc'],
  ],
  fold: [
    ['stapflame fold trace.bt -o trace.folded', 'fold a trace'],
    ['stapflame fold trace.bt -o profile.pb.gz', 'the same for go tool pprof'],
    ['stapflame fold --label-module trace.bt', 'with the module of each function'],
  ],
  render: [
    ['stapflame render trace.folded -o flame.svg', 'draw folded stacks'],
    ['stapflame render --inverted --colors java trace.folded -o icicle.svg', 'with the root at the top'],
    ['stapflame render trace.folded -o flame.html --open', 'draw a page, and open it in the browser'],
  ],
  flame: [
    ['stapflame flame trace.bt -o flame.svg', 'draw a trace'],
    ['sudo stapflame flame -p 4242 -t 30 -o flame.svg', 'sample a process for 30 seconds and draw it'],
    ["stapflame flame --focus '^malloc$' trace.bt -o malloc.svg", 'draw only stacks that contain malloc'],
    ['stapflame flame --blank-separated samples.txt -o flame.svg', 'draw samples that have no counts'],
  ],
  tabs: [['stapflame tabs before.svg after.svg -o both.html', 'two pictures in one page']],
  top: [
    ['stapflame top trace.bt', 'the 20 functions in which most time was spent'],
    [
      'stapflame top --sort total --limit 0 trace.folded',
      'all functions, by the time spent in them and their callees',
    ],
    [
      'stapflame top --focus memcpy --columns total,name trace.bt',
      'list the functions on stacks that contain memcpy',
    ],
    ['stapflame top --markdown trace.bt >> report.md', 'the table in Markdown'],
  ],
  peek: [
    ["stapflame peek '^memcpy$' trace.bt", 'show the callers and callees of memcpy'],
    ['stapflame peek --ignore idle lock trace.folded', 'the same for all names that contain lock'],
  ],
  tree: [
    ['stapflame tree trace.bt', 'show callers and callees, down to 0.5 % of the samples'],
    [
      'stapflame tree --min-share 5% --show-from main trace.folded',
      'show only entries below main, down to 5 %',
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
    ['stapflame split -n 4 trace.bt', 'cut a trace into four: trace.bt.1 to trace.bt.4'],
    ['stapflame split --print-ranges --bytes 256M trace.bt', 'print where it can be cut, and write no files'],
  ],
  diff: [
    ['stapflame diff before.folded after.folded', 'list the functions that changed significantly'],
    ['stapflame diff before.folded after.folded -o diff.svg', 'draw the difference'],
    [
      'stapflame diff --fail-above 2% before.folded after.folded',
      'exit with 1 if a function costs 2 points more',
    ],
  ],
  doctor: [
    ['stapflame doctor', 'report what prevents sampling on this machine'],
    ['stapflame doctor -p 4242', 'the same, and list the files of a process that lack symbols'],
    ['stapflame doctor trace.bt', 'list files without symbols by their share of a trace'],
    ['stapflame doctor trace.bt --debug-dir build', 'report the gain from looking up names there'],
    ['stapflame doctor --stderr stap.err', 'explain saved messages'],
    ['sudo stap … > trace.bt 2> >(stapflame doctor)', 'explain messages as they arrive (bash, zsh)'],
  ],
  completion: [
    ['stapflame completion bash > ~/.stapflame.bash', 'then add to ~/.bashrc: source ~/.stapflame.bash'],
    ['stapflame completion zsh > ~/.zfunc/_stapflame', 'any directory in $fpath will do'],
    ['stapflame completion fish > ~/.config/fish/completions/stapflame.fish', 'fish finds the file itself'],
  ],
  man: [['stapflame man | man -l -', 'read the manual without installing it']],
};

/** Examples as the help shows them: each effect as a comment above its line. */
export function examplesText(command: string): string {
  const lines = (EXAMPLES[command] ?? []).map(([line, effect]) => `  # ${effect}\n  ${line}`);
  return lines.length === 0 ? '' : `\nExamples:\n${lines.join('\n')}\n`;
}
