// @ts-check
// node tools/docs/draw-prose.mjs [--seed N] [--count 60]: selects random comments, strings and help lines from all
// packages, for a reader who has not seen them before. A seed always selects the same lines, as long as the sources do
// not change.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { ROOT } from '../setup/install.mjs';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '60' } },
});

/** Shorter strings are names and format keywords, not prose. */
const WORDS = 4;

/** @typedef {{ readonly place: string, readonly text: string }} Prose */

const files = execFileSync('git', ['ls-files', '-z', 'packages'], { cwd: ROOT, encoding: 'utf8' })
  .split('\0')
  .filter((file) => /\.(?:ts|mjs)$/.test(file) && !file.includes('/fixtures/'));
const random = generator(Number(values.seed));
const all = files.flatMap(proseOf).map((prose) => ({ prose, key: random() }));
const drawn = all.toSorted((a, b) => a.key - b.key).slice(0, Number(values.count));
for (const { prose } of drawn) console.log(`${prose.place}: ${prose.text}\n`);

/**
 * Returns a file's comments and strings.
 *
 * @param {string} file
 * @returns {Prose[]}
 */
function proseOf(file) {
  const source = ts.createSourceFile(
    file,
    readFileSync(`${ROOT}/${file}`, 'utf8'),
    ts.ScriptTarget.ES2022,
    true,
  );
  /** @type {Map<number, string>} by position, since two nodes can share a comment */
  const found = new Map();
  /** @param {ts.Node} node */
  const visit = (node) => {
    for (const { pos, end } of ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [])
      found.set(pos, withoutMarks(source.text.slice(pos, end)));
    if (ts.isStringLiteralLike(node)) found.set(node.getStart(), node.text);
    else if (ts.isTemplateExpression(node)) found.set(node.getStart(), node.getText());
    ts.forEachChild(node, visit);
  };
  visit(source);
  return joined(source, found)
    .filter(([, text]) => (text.match(/\p{L}{2,}/gu) ?? []).length >= WORDS && / \p{L}+ /u.test(text))
    .map(([position, text]) => ({
      place: `${file}:${source.getLineAndCharacterOfPosition(position).line + 1}`,
      text,
    }));
}

/**
 * Joins the `//` lines of one comment.
 *
 * @param {ts.SourceFile} source
 * @param {ReadonlyMap<number, string>} found
 * @returns {(readonly [number, string])[]}
 */
function joined(source, found) {
  /** @type {[number, string][]} */
  const whole = [];
  let last = -2;
  for (const [position, text] of [...found].toSorted(([a], [b]) => a - b)) {
    const { line } = source.getLineAndCharacterOfPosition(position);
    const previous = whole.at(-1);
    const isLine = source.text.startsWith('//', position);
    if (isLine && last === line - 1 && previous) previous[1] += ` ${text}`;
    else whole.push([position, text]);
    last = isLine ? line : -2;
  }
  return whole;
}

/** @param {string} comment @returns {string} */
function withoutMarks(comment) {
  return comment
    .replaceAll(/^\s*(?:\/\*\*?|\*\/|\*|\/\/)|\*\/$/gm, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** @param {number} seed @returns {() => number} numbers from 0 to 1 (mulberry32) */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
