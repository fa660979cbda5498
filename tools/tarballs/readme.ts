/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a page, in order. */
export function blocksOf(markdown: string): readonly Block[] {
  return Array.from(markdown.matchAll(/^```(\w+)[^\n]*\n([^]*?)^```$/gm), ([, language, text]) => ({
    language: language!,
    text: text!,
  }));
}

/** The programs among them. */
export function programsOf(markdown: string): readonly Block[] {
  return blocksOf(markdown).filter(({ language }) => /^(?:ts|js|typescript|javascript)$/.test(language));
}
