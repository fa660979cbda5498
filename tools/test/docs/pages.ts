import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lexer, walkTokens, type Token } from 'marked';

export const ROOT: string = fileURLToPath(new URL('../../../', import.meta.url));

/** A page of the documentation. */
export interface Page {
  /** Its path in the repository. */
  readonly file: string;
  readonly text: string;
}

/** A block of code on a page. */
export interface Block {
  /** The word after the fence, such as `sh`; empty if there is none. */
  readonly language: string;
  /** The words after the language, such as `example`. */
  readonly words: readonly string[];
  readonly text: string;
}

const TOP = readdirSync(ROOT).filter((file) => file.endsWith('.md'));
const DOCS = readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md') && !file.startsWith('node_modules/'))
  .map((file) => `docs/${file}`);

export const PAGES: readonly Page[] = [...TOP, ...DOCS]
  .toSorted()
  .map((file) => ({ file, text: readFileSync(`${ROOT}${file}`, 'utf8') }));

export function pageOf(file: string): Page {
  const found = PAGES.find((page) => page.file === file);
  if (!found) throw new Error(`there is no page ${file}`);
  return found;
}

/** Returns the blocks of code between fences, in order. */
export function blocksOf({ text }: Page): readonly Block[] {
  return tokensOf(text).flatMap((token) => {
    if (token.type !== 'code' || token['codeBlockStyle'] === 'indented') return [];
    const [language = '', ...words] = String(token['lang'] ?? '').split(/\s+/);
    return [{ language, words, text: String(token['text']) }];
  });
}

/**
 * Returns the blocks that are code only because they are indented. They cannot state their language, or whether they
 * run.
 */
export function indentedBlocksOf({ text }: Page): readonly string[] {
  return tokensOf(text)
    .filter((token) => token.type === 'code' && token['codeBlockStyle'] === 'indented')
    .map((token) => String(token['text']));
}

/** Returns a page's inline code. */
export function codeSpansOf({ text }: Page): readonly string[] {
  return tokensOf(text)
    .filter(({ type }) => type === 'codespan')
    .map((token) => unescaped(String(token['text'])));
}

export interface Heading {
  readonly depth: number;
  readonly text: string;
}

export function headingsOf({ text }: Page): readonly Heading[] {
  return tokensOf(text)
    .filter(({ type }) => type === 'heading')
    .map((token) => ({ depth: Number(token['depth']), text: String(token['text']) }));
}

/** Returns the targets of a page's links and images. */
export function linksOf({ text }: Page): readonly string[] {
  return tokensOf(text)
    .filter(({ type }) => type === 'link' || type === 'image')
    .map((token) => String(token['href']));
}

type AnyToken = Token & Record<string, unknown>;

function tokensOf(text: string): readonly AnyToken[] {
  const tokens: AnyToken[] = [];
  walkTokens(lexer(text), (token) => void tokens.push(token as AnyToken));
  return tokens;
}

/** marked returns inline code as HTML. */
function unescaped(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
