// @ts-check
// Prints the number of code lines in each package: lines of src/ and assembly/ (and of the files that the build
// generates there) that are neither blank nor only a comment. `node tools/packages/lines.mjs [PACKAGE...]`
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const packages = fileURLToPath(new URL('../../packages', import.meta.url));
const named = process.argv.slice(2);
const names = named.length > 0 ? named : readdirSync(packages).sort();
for (const name of names) {
  const files = ['src', 'assembly'].flatMap((folder) => sourcesIn(join(packages, name, folder)));
  const lines = files.map((file) => codeLines(readFileSync(file, 'utf8')));
  console.log(`${String(lines.reduce((sum, count) => sum + count, 0)).padStart(6)}  ${name}`);
}

/** @param {string} folder */
function sourcesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

/**
 * Counts the lines that contain something other than blanks and comments.
 *
 * @param {string} text
 */
function codeLines(text) {
  const source = ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest);
  /** @type {Set<number>} */
  const lines = new Set();
  /** @param {ts.Node} node */
  const visit = (node) => {
    const children = node
      .getChildren(source)
      .filter(({ kind }) => kind < ts.SyntaxKind.FirstJSDocNode || kind > ts.SyntaxKind.LastJSDocNode);
    if (children.length > 0) children.forEach(visit);
    else if (node.getWidth(source) > 0) {
      const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
      const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
      for (let line = first; line <= last; line++) lines.add(line);
    }
  };
  visit(source);
  return lines.size;
}
