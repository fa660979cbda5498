// @ts-check
// npm run test:tarballs [-- --runtime "node 24" --runtime bun …]: builds and packs every package, installs
// the tarballs in an empty project, and runs the READMEs' examples there, by default with the Node version that runs
// this script.
import { parseArgs } from 'node:util';
import { nx, ROOT, runs } from './setup/install.mjs';

const { values, positionals } = parseArgs({
  options: { runtime: { type: 'string', multiple: true, default: [] } },
  allowPositionals: true,
});
process.env['STAPFLAME_RUNTIMES'] = values.runtime.join(',');
nx('build');
nx('bundle', ['-p', 'stapflame']);
const vitest = `${ROOT}/node_modules/vitest/vitest.mjs`;
const passed = runs(process.execPath, [vitest, 'run', '--root', 'tools/tarballs', ...positionals]);
process.exitCode = passed ? 0 : 1;
