/** One section of the probe's output. */
export interface Section {
  readonly name: string;
  /** Without the leading space of each line, and without empty lines at the end. */
  readonly lines: readonly string[];
}

/** Splits the probe's output; lines before the first section (a login banner, say) belong to none. */
export function readSections(text: string): readonly Section[] {
  const sections: { name: string; lines: string[] }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const name = /^\[([\w-]+)\]$/.exec(line)?.[1];
    if (name !== undefined) sections.push({ name, lines: [] });
    else if (line.startsWith(' ')) sections.at(-1)?.lines.push(line.slice(1));
  }
  for (const { lines } of sections) while (lines.at(-1) === '') lines.pop();
  return sections;
}
