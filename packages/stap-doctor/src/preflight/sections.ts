/** One section of the probe's output. */
export interface Section {
  readonly name: string;
  /** The section's lines, without their leading spaces and without empty lines at the end. */
  readonly lines: readonly string[];
}

/** Splits the probe's output into sections. Lines before the first section, such as a login banner, are dropped. */
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
