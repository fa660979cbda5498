/** Traces with a given number of records. Each record has a few lines, whose functions are chosen from a few dozen. */

/** Returns a trace as our scripts print it: framed, with a header and a trailer. */
export function framedTrace(records: number): string {
  const body = Array.from({ length: records }, (_, i) => {
    const mark = `${i % 4} ${1000 + i}`;
    return `#< ${mark}\n${frames(i)}thread${i % 3}\n#> ${mark}\n\t1\n`;
  });
  return `# stapflame 1 mode=stream hz=99 unit=samples maxbacktrace=128 host=web1\n${body.join('')}# stapflame end hits=${records}\n`;
}

/** Returns a plain trace: frames and a count for each record. */
export function plainTrace(records: number): string {
  return Array.from({ length: records }, (_, i) => `${frames(i)}\t${1 + (i % 5)}\n`).join('');
}

function frames(i: number): string {
  const names = [`leaf${i % 37}`, `work${i % 11}`, ...(i % 2 === 0 ? ['dispatch'] : []), 'main'];
  return names
    .map((name, depth) => {
      const address = (0x401000 + (i % 37) * 64 + depth * 4).toString(16);
      return ` 0x${address} : ${name}+0x${(4 + depth).toString(16)}/0x90 [/opt/demo/bin/burn]\n`;
    })
    .join('');
}
