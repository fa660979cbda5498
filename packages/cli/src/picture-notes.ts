import { readFileSync } from 'node:fs';
import type { CommonOptions } from './commands/context.ts';
import { pathOf } from './io/file-names.ts';
import type { Summary } from './summary.ts';

/** Picture flags that may have no effect, or an unexpected one. */
interface Flags extends CommonOptions {
  readonly total?: number;
  readonly sorted?: boolean;
  readonly reverse?: boolean;
  readonly nameattr?: string;
}

/** Matches those attributes of a nameattr file that are used. All other attributes are ignored. */
const USED = /^(?:title=|href=https?:\/\/|target=_(?:blank|self|parent|top)$)/;

/** Returns notes about picture flags that had no effect, or an unexpected one. */
export function pictureNotes(options: CommonOptions, { folded }: Summary): readonly string[] {
  const { total, sorted, reverse, nameattr } = options as Flags;
  const sum = folded?.weights.at(-1);
  return [
    ...(total !== undefined && sum !== undefined && total < sum
      ? [`--total ${total} is less than the ${sum} samples in the input, so the picture shows ${sum}`]
      : []),
    ...(sorted === true && reverse === true
      ? ['--sorted has no effect with --reverse, because the stacks are reversed and sorted again']
      : []),
    ...(nameattr === undefined ? [] : ignoredAttributes(nameattr)),
  ];
}

function ignoredAttributes(file: string): readonly string[] {
  const ignored = readFileSync(pathOf(file), 'utf8')
    .split(/\r?\n/)
    .flatMap((line) => line.split('\t').slice(1))
    .filter((field) => !USED.test(field));
  if (ignored.length === 0) return [];
  const names = [...new Set(ignored.map((field) => field.replace(/=.*/, '')))].slice(0, 5).join(', ');
  return [
    `${ignored.length === 1 ? '1 attribute' : `${ignored.length} attributes`} in ${file} ignored (${names}); only title, target, and href to http or https are used`,
  ];
}
