// @ts-check
// If the registry does not have a platform's optional package, npm omits it from the lockfile, and `npm ci`
// then rejects the lockfile on every machine. This script adds the missing packages. It reads the exact version from
// the package that depends on the missing one, and derives the system from the missing package's name. Run it after
// `npm install`. For a lockfile in a subdirectory, name the directory: node tools/complete-lockfile.mjs docs
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
      throw new Error(
        `${path} needs ${name}@${version}, but the name does not say which system that package is for`,
      );
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
