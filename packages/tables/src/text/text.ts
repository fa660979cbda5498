import { forTerminal, SAMPLES, weightText, type Share, type Whole } from '@stapflame/stacks';
import { COLUMNS, type Column, type ResolvedTextOptions, type ResolvedTopOptions } from '../options.ts';
import type { Calls, FunctionRow, FunctionTable, Tree, TreeNode } from '../table.ts';
import { clipped, tableLines, tinted, type ColumnHead, type Line } from './lines.ts';

interface TopColumn extends ColumnHead {
  readonly cell: (row: FunctionRow) => string;
}

const percent = (share: number): string => (100 * share).toFixed(2);
const intervalText = ({ interval }: Share): string => interval?.map(percent).join('–') ?? '';

const TOP: Readonly<Record<Column, TopColumn>> = {
  self: { title: 'self', cell: ({ self }) => weightText(self.weight) },
  'self-share': { title: 'self %', cell: ({ self }) => percent(self.share) },
  'self-interval': { title: '95 %', cell: ({ self }) => intervalText(self) },
  total: { title: 'total', cell: ({ total }) => weightText(total.weight) },
  'total-share': { title: 'total %', cell: ({ total }) => percent(total.share) },
  'total-interval': { title: '95 %', cell: ({ total }) => intervalText(total) },
  module: { title: 'module', isText: true, cell: ({ module = '' }) => baseName(module) },
  name: { title: 'name', isText: true, cell: ({ name }) => name },
};

/** Formats a table of functions with one function per line. */
export function topText(table: FunctionTable, options: ResolvedTopOptions): string {
  const [first] = table.rows;
  const hasModules = table.rows.some(({ module }) => module !== undefined);
  const shown =
    options.columns ??
    COLUMNS.filter(
      (column) =>
        (column !== 'module' || hasModules) &&
        (!column.endsWith('interval') || first?.self.interval !== undefined),
    );
  const columns = shown.map((column) => TOP[column]);
  const lines = table.rows.map((row) => ({
    cells: columns.map(({ cell }) => cell(row)),
    share: row[table.sort].share,
  }));
  return text([
    `${wholeText(table)}; ${rowsText(table, 'name')}`,
    '',
    ...tableLines(columns, lines, options),
  ]);
}

const COSTS = [TOP['self'], TOP['self-share'], TOP['total'], TOP['total-share']];
const PEEK: readonly ColumnHead[] = [
  ...COSTS,
  { title: 'edge' },
  { title: 'edge %' },
  { title: 'name', isText: true },
];

/** Formats a table that lists each function's callers above it and its callees below it. */
export function peekText(table: FunctionTable, options: ResolvedTextOptions): string {
  const callLines = (word: string, { names, edges }: Calls): Line[] => {
    const more = names - edges.length;
    return [
      ...edges.map(({ weight, share, name }) => [weightText(weight), percent(share), `  ${word} ${name}`]),
      ...(more > 0 ? [['', '', `  ${word} ${more} more`]] : []),
    ].map((cells) => ({ cells: ['', '', '', '', ...cells] }));
  };
  const lines = table.rows.flatMap((row, i): readonly Line[] => [
    ...(i === 0 ? [] : [{ cells: PEEK.map(() => '') }]),
    ...callLines('from', row.callers!),
    {
      cells: [...COSTS.map(({ cell }) => cell(row)), '', '', row.name],
      share: row[table.sort].share,
    },
    ...callLines('to', row.callees!),
  ]);
  return text([
    `${wholeText(table)}; ${rowsText(table, 'matching name')}`,
    '',
    ...tableLines(PEEK, lines, options),
  ]);
}

/** Formats a call tree. An only child is not indented, which keeps deep stacks readable. */
export function treeText(tree: Tree, options: ResolvedTextOptions): string {
  const { minShare, maxDepth, deepest } = tree;
  const deeper = deepest - maxDepth;
  const cut = deeper > 0 ? `, and so are ${counted(deeper, 'level')} below level ${maxDepth}` : '';
  const lines: string[] = [];
  const add = (nodes: readonly TreeNode[], margin: string): void => {
    for (const [i, { name, self, total, children }] of nodes.entries()) {
      const [branch, below] =
        nodes.length === 1 ? ['', ''] : i < nodes.length - 1 ? ['├─ ', '│  '] : ['└─ ', '   '];
      const shares = [total, self].map(({ share }) => percent(share).padStart(7));
      const line = `${shares.join('  ')}  ${margin}${branch}${forTerminal(name)}`;
      lines.push(tinted(clipped(line, options.width), total.share, options));
      add(children, margin + below);
    }
  };
  add(tree.children, '');
  const body = ['total %   self %  name', ...lines];
  const fenced = options.format === 'markdown' ? ['~~~~', ...body, '~~~~'] : body;
  return text([`${wholeText(tree)}; entries under ${percent(minShare)} % are left out${cut}`, '', ...fenced]);
}

/** `2350 samples, 300 of them filtered out` */
function wholeText({ unit, weight, filtered }: Whole): string {
  const sum = weight + filtered;
  const all = unit === SAMPLES ? counted(sum, 'sample') : `${weightText(sum)} ${forTerminal(unit)}`;
  return filtered > 0 ? `${all}, ${weightText(filtered)} of them filtered out` : all;
}

/** `20 of 123 names` */
function rowsText({ names, rows }: FunctionTable, noun: string): string {
  return `${rows.length < names ? `${rows.length} of ` : ''}${counted(names, noun)}`;
}

function counted(count: number, one: string): string {
  return `${weightText(count)} ${one}${count === 1 ? '' : 's'}`;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
