// @ts-check
// node ../../tools/packages/bundle-zod.mjs, in a package's directory: writes vendor/zod.js, the parts of zod that the
// sources use. The complete zod is 6 MB, nine tenths of an installed stage; these parts are 0.03 MB. Sources import
// `#zod`, which package.json maps to zod itself in this repository and to vendor/zod.js elsewhere.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { ROOT } from '../setup/install.mjs';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(`src/${name}`, 'utf8') }));
const direct = sources.filter(({ text }) => /from 'zod[/']/.test(text)).map(({ name }) => `src/${name}`);
if (direct.length > 0)
  throw new Error(`import zod as '#zod', not as 'zod', which users of the package do not have: ${direct}`);

const users = sources.filter(({ text }) => text.includes(`import * as z from '#zod'`));
const names = new Set(
  users.flatMap(({ text }) => Array.from(text.matchAll(/\bz\s*\.\s*([a-z_]\w*)/g), ([, name]) => name)),
);
// these names are only types
for (const type of ['core', 'infer', 'input', 'output']) names.delete(type);

const { outputFiles } = await build({
  stdin: {
    // without a language, zod's only message is that an input is invalid
    contents: `import { en } from 'zod/locales';
      import { config } from 'zod/mini';
      config(en());
      export { ${[...names].toSorted().join(', ')} } from 'zod/mini';`,
    resolveDir: process.cwd(),
  },
  bundle: true,
  write: false,
  minify: true,
  platform: 'neutral',
  format: 'esm',
  target: 'es2022',
  banner: { js: '// The parts of zod that this package uses; LICENSE-zod.txt is its licence.' },
});
const text = outputFiles[0]?.text ?? '';
// zod stores its settings on globalThis and sets its language when it is loaded. This would overwrite the language that
// an application has set for its own copy of zod.
const own = text.replaceAll('__zod_globalConfig', '__stapflame_zod_config');
if (own === text)
  throw new Error(
    'zod stores its settings in a different place now; make sure that this copy does not share them',
  );

rmSync('vendor', { recursive: true, force: true });
mkdirSync('vendor');
writeFileSync('vendor/zod.js', own);
writeFileSync('vendor/LICENSE-zod.txt', readFileSync(`${ROOT}/node_modules/zod/LICENSE`));
