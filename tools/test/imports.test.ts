import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it } from 'vitest';
import { temporaryDirectory } from '../../testing/cleanup.ts';
import { startReading } from '../../testing/processes.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A small repository that follows all rules. */
const KEPT: Readonly<Record<string, string>> = {
  'packages/stacks/src/index.ts': `export const batch = 1;`,
  'packages/stacks/src/stream/index.ts': `export { Transform } from 'node:stream';`,
  'packages/line-scanner/src/index.ts': `export const scan = 1;`,
  'packages/folder/src/index.ts': `export { fold } from './stream.ts';`,
  'packages/folder/src/core.ts': `export { batch } from '@stapflame/stacks';`,
  'packages/folder/src/stream.ts': `import '@stapflame/stacks/stream'; import 'node:fs'; export { batch as fold } from './core.ts';`,
  'packages/stap-parser/src/index.ts': `export * from '@stapflame/stacks'; export * from '@stapflame/line-scanner';`,
  'packages/cli/src/index.ts': `import 'node:fs'; import '@stapflame/folder'; import '@stapflame/stap-parser';`,
};

/** Faults, each in a separate file, and the rule that finds it. */
const FAULTS: readonly (readonly [file: string, text: string, rule: string])[] = [
  ['folder/src/on-a-stage.ts', `import '@stapflame/stap-parser';`, 'stage-on-stacks-only'],
  [
    'folder/src/on-a-type-of-a-stage.ts',
    `import type { X } from '@stapflame/stap-parser'; export type Y = X;`,
    'stage-on-stacks-only',
  ],
  ['folder/src/on-the-scanner.ts', `import '@stapflame/line-scanner';`, 'stage-on-stacks-only'],
  ['stap-parser/src/on-a-stage.ts', `import '@stapflame/folder';`, 'parser-on-stacks-and-scanner'],
  ['stacks/src/on-the-scanner.ts', `import '@stapflame/line-scanner';`, 'contract-on-nothing'],
  ['folder/src/by-path.ts', `import '../../stacks/src/index.ts';`, 'by-name'],
  ['folder/src/deep.ts', `import '@stapflame/stacks/src/index.ts';`, 'resolvable'],
  ['folder/src/nowhere.ts', `import './not-there.ts';`, 'resolvable'],
  ['folder/src/on-node.ts', `import 'node:fs';`, 'core-without-node'],
  ['folder/src/on-streams.ts', `import '@stapflame/stacks/stream';`, 'core-without-streams'],
  ['folder/src/circle-one.ts', `import './circle-two.ts'; export const a = 1;`, 'no-circle'],
];

let repository: string;
beforeEach(() => {
  repository = temporaryDirectory();
  for (const [file, text] of Object.entries(KEPT)) write(file, text);
  for (const name of ['stacks', 'line-scanner', 'folder', 'stap-parser', 'cli']) {
    const exports = {
      '.': './src/index.ts',
      ...(name === 'stacks' && { './stream': './src/stream/index.ts' }),
    };
    write(`packages/${name}/package.json`, JSON.stringify({ name: `@stapflame/${name}`, exports }));
    mkdirSync(join(repository, 'node_modules/@stapflame'), { recursive: true });
    symlinkSync(join(repository, 'packages', name), join(repository, 'node_modules/@stapflame', name));
  }
});

function write(file: string, text: string): void {
  mkdirSync(dirname(join(repository, file)), { recursive: true });
  writeFileSync(join(repository, file), text);
}

/** Returns the reported faults: the file of each import that breaks a rule, and the rule. */
async function check(): Promise<readonly (readonly [file: string, rule: string])[]> {
  const words = ['--config', `${ROOT}tools/packages/imports.mjs`, '--output-type', 'json', 'packages'];
  const program = `${ROOT}node_modules/dependency-cruiser/bin/dependency-cruise.mjs`;
  const { stdout, stderr } = await startReading(process.execPath, [program, ...words], { cwd: repository })
    .end;
  expect(stderr).toBe('');
  const { summary } = JSON.parse(stdout) as {
    readonly summary: {
      readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
    };
  };
  return summary.violations.map(({ from, rule }) => [from.replace('packages/', ''), rule.name]);
}

it('finds nothing if no import breaks a rule', async () => {
  expect(await check()).toEqual([]);
});

it('finds each import that breaks a rule', async () => {
  // a circle is reported once, for its first file
  write('packages/folder/src/circle-two.ts', `import './circle-one.ts'; export const b = 1;`);
  for (const [file, text] of FAULTS) write(`packages/${file}`, text);
  const planted = FAULTS.map(([file, , rule]) => [file, rule]);
  expect((await check()).toSorted()).toEqual(planted.toSorted());
});
