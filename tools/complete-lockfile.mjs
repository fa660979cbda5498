// @ts-check
// npm leaves a platform's optional package out of the lockfile if the registry in use does not have it, and then `npm
// ci` refuses the lockfile on every machine. This script adds the missing packages: the package that needs one names it
// with an exact version, and the missing package's name shows its system. Run it after `npm install`, with the
// directory if it is not the repository's: node tools/complete-lockfile.mjs docs
import { readFileSync, writeFileSync } from 'node:fs';
import { ROOT } from './setup/install.mjs';

const SYSTEMS = [
  'darwin',
  'linux',
  'win32',
  'freebsd',
  'openbsd',
  'netbsd',
  'android',
  'sunos',
  'aix',
  'openharmony',
];
const PROCESSORS = [
  'x64',
  'arm64',
  'ia32',
  'arm',
  'ppc64',
  'riscv64',
  's390x',
  'mips64el',
  'loong64',
  'wasm32',
];

const file = `${ROOT}/${process.argv[2] ?? '.'}/package-lock.json`;
const lock = JSON.parse(readFileSync(file, 'utf8'));
/** @type {Record<string, any>} */
const packages = lock.packages;
let added = 0;
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (packages[`${path}/node_modules/${name}`] ?? packages[`node_modules/${name}`]) continue;
    const words = name.split(/[/_-]/);
    const os = SYSTEMS.filter(
      (system) => words.includes(system) || (system === 'win32' && words.includes('windows')),
    );
    const cpu = PROCESSORS.filter((processor) => words.includes(processor));
    const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined;
    if (os.length + cpu.length === 0 || !/^\d/.test(version)) {
      throw new Error(`${path} needs ${name}@${version}, and its name does not say for which system it is`);
    }
    packages[`node_modules/${name}`] = {
      version,
      ...(cpu.length > 0 && { cpu }),
      ...(entry.dev && { dev: true }),
      ...(libc && os.includes('linux') && { libc }),
      optional: true,
      ...(os.length > 0 && { os }),
    };
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages added to ${file}`);
