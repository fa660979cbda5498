/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

/** Returns a page's fenced blocks, in order. */
export function blocksOf(markdown: string): readonly Block[] {
  return Array.from(markdown.matchAll(/^```(\w+)[^\n]*\n([^]*?)^```$/gm), ([, language, text]) => ({
    language: language!,
    text: text!,
  }));
}

/** Returns the programs among a page's fenced blocks. */
export function programsOf(markdown: string): readonly Block[] {
  return blocksOf(markdown).filter(({ language }) => /^(?:ts|js|typescript|javascript)$/.test(language));
}
