// @ts-check
// Measures how well labels distinguish boxes: node labels.mjs FOLDED…
// In a picture 1200 px wide, it considers the boxes that have room for six letters but not for their full name. It
// counts those whose label differs from their siblings' labels and from the nearest labels in their row, ignoring boxes
// with the same name.
import { readFileSync } from 'node:fs';
import { labelOf } from '../../packages/svg-renderer/dist/picture/labels.js';

const WIDTH = 1180;
const GLYPH = 12 * 0.61;
const ROOM = 6;

/** @typedef {{ name: string, weight: number, children: Map<string, Box>, columns: number, beside: string[], siblings: Box[], row: Box[] }} Box */

/** @type {Record<string, (name: string, columns: number, beside: string[]) => string>} */
const RULES = {
  'the first letters': (name, columns) =>
    columns < 3 ? '' : name.length <= columns ? name : `${name.slice(0, columns - 1)}…`,
  'the last letters (inferno)': (name, columns) =>
    columns < 3 ? '' : name.length <= columns ? name : `..${name.slice(2 - columns)}`,
  'the letters that differ (ours)': (name, columns, beside) => labelOf(name, columns, () => beside),
};

const totals = Object.keys(RULES).map(() => 0);
let boxes = 0;
for (const file of process.argv.slice(2)) {
  const cut = boxesOf(readFileSync(file, 'utf8')).filter(
    ({ name, columns }) => columns >= ROOM && name.length > columns,
  );
  const told = Object.values(RULES).map((rule) => cut.filter((box) => tells(box, rule)).length);
  boxes += cut.length;
  for (const [i, count] of told.entries()) totals[i] = (totals[i] ?? 0) + count;
}
console.log(
  `${boxes} boxes in ${process.argv.length - 2} files have room for six letters, but not for their full name`,
);
for (const [i, name] of Object.keys(RULES).entries())
  console.log(
    `${name}: ${((100 * (totals[i] ?? 0)) / boxes).toFixed(1)} % of labels differ if the names differ`,
  );

/** @param {Box} box @param {(name: string, columns: number, beside: string[]) => string} rule */
function tells(box, rule) {
  const label = rule(box.name, box.columns, box.beside);
  const at = box.row.indexOf(box);
  const others = [...box.siblings, box.row[at - 1], box.row[at + 1]];
  return others.every(
    (other) =>
      other === undefined ||
      other.name === box.name ||
      rule(other.name, other.columns, other.beside) !== label,
  );
}

/** @param {string} folded @returns {Box[]} */
function boxesOf(folded) {
  const root = newBox('all');
  for (const line of folded.split('\n')) {
    const match = /^(.*) ([\d.]+)$/.exec(line);
    if (!match || line.startsWith('#')) continue;
    const weight = Number(match[2]);
    let box = root;
    box.weight += weight;
    for (const name of (match[1] ?? '').split(';')) {
      const child = box.children.get(name) ?? newBox(name);
      box.children.set(name, child);
      child.weight += weight;
      box = child;
    }
  }
  /** @type {Box[]} */
  const all = [];
  for (let row = [root]; row.length > 0; row = row.flatMap(drawnOn)) {
    for (const [i, box] of row.entries()) {
      box.row = row;
      box.beside = [row[i - 1], row[i + 1]].flatMap((other) => (other ? [other.name] : []));
      all.push(box);
    }
  }
  return all;

  /** @param {Box} box */
  function drawnOn({ children }) {
    const siblings = [...children.values()]
      .filter(({ weight }) => (WIDTH * weight) / root.weight >= 0.1)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const child of siblings) {
      child.columns = Math.floor(((WIDTH * child.weight) / root.weight - 7) / GLYPH);
      child.siblings = siblings;
    }
    return siblings;
  }
}

/** @param {string} name @returns {Box} */
function newBox(name) {
  return {
    name: name.replace(/_\[[kjiw]\]$/, ''),
    weight: 0,
    children: new Map(),
    columns: Infinity,
    beside: [],
    siblings: [],
    row: [],
  };
}
