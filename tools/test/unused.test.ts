import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../../testing/cleanup.ts';
import { startReading } from '../../testing/processes.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

it('finds a file, an export and a dependency that nothing uses', async () => {
  const repository = temporaryDirectory();
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(join(repository, file)), { recursive: true });
    writeFileSync(join(repository, file), text);
  };
  write('package.json', JSON.stringify({ name: 'all', workspaces: ['packages/*'] }));
  write(
    'packages/folder/package.json',
    JSON.stringify({
      name: 'folder',
      exports: './src/index.ts',
      dependencies: { 'never-imported': '1.0.0' },
    }),
  );
  write('packages/folder/src/index.ts', `export { used } from './core.ts';`);
  write('packages/folder/src/core.ts', `export const used = 1; export const unusedExport = 2;`);
  write('packages/folder/src/unused-file.ts', `export const lonely = 1;`);

  const program = `${ROOT}node_modules/knip/bin/knip.js`;
  const words = ['--config', `${ROOT}knip.jsonc`, '--directory', repository, '--reporter', 'json'];
  const { code, stdout } = await startReading(process.execPath, [program, ...words]).end;
  expect(code).toBe(1);
  expect(stdout).toContain('"never-imported"');
  expect(stdout).toContain('"unusedExport"');
  expect(stdout).toContain('unused-file.ts');
  expect(stdout).not.toContain('"used"');
});
