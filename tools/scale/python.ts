import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HOME = fileURLToPath(new URL('../../node_modules/.cache/scale-python', import.meta.url));
const PACKAGES = ['pyspark==3.5.6', 'chdb==4.4.0'];

/** A Python with the tested engines, created when first used. */
export interface Engines {
  readonly python: string;
  readonly spark: string;
}

export function installEngines(): Engines {
  const python = join(HOME, 'bin/python');
  if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', HOME]);
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...PACKAGES], { stdio: 'inherit' });
  const find = 'import pyspark, os; print(os.path.dirname(pyspark.__file__))';
  return { python, spark: execFileSync(python, ['-c', find], { encoding: 'utf8' }).trim() };
}
