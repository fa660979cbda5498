import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MARK = 'TMPDIR';
/** The directory in which `record` keeps files for stap if the tests run as root. */
const CACHE = '/var/cache/stapflame';
/** Set during a run, because vitest loads this file again for each project. */
const RUN = 'STAPFLAME_TEST_RUN';

/**
 * Gives a test run one directory for all temporary files. Every process that a test starts has this directory in its
 * environment. When the run is over, processes that still have it are found and killed, and the run fails: the test
 * that started them should have ended them. All projects in a run share the first project's directory, because nested
 * directories would make paths too long for a socket.
 */
export function setup(): (() => void) | undefined {
  if (process.env[RUN] !== undefined) return undefined;
  process.env[RUN] = String(process.pid);
  const before = process.env[MARK];
  const hadCache = existsSync(CACHE);
  const directory = mkdtempSync(join(tmpdir(), 'tests-'));
  // some tests continue as a different user
  chmodSync(directory, 0o755);
  process.env[MARK] = directory;
  process.env['APT_CONFIG'] = cachingApt(directory);
  return () => {
    delete process.env[RUN];
    if (before === undefined) delete process.env[MARK];
    else process.env[MARK] = before;
    const left = processesOf(directory);
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    if (!hadCache) rmSync(CACHE, { recursive: true, force: true });
    if (left.length > 0)
      throw new Error(
        `these processes outlived the tests that started them: ${left.map(({ name }) => name).join(', ')}`,
      );
  };
}

/**
 * Container images turn off apt's cache of package names. Each of the many doctors that the tests start would then
 * spend a second of CPU time reading apt's lists. Returns a configuration with a cache for this run.
 */
function cachingApt(directory: string): string {
  const file = join(directory, 'apt.conf');
  const caches = ['srcpkgcache', 'pkgcache'].map(
    (name) => `Dir::Cache::${name} "${directory}/${name}.bin";\n`,
  );
  // these files would turn the cache off again
  writeFileSync(file, `Dir::Etc::Parts "/dev/null";\nDir::Etc::Main "/dev/null";\n${caches.join('')}`);
  return file;
}

interface Left {
  readonly pid: number;
  readonly name: string;
}

/** Returns a run's processes, except the test runner's. */
function processesOf(directory: string): readonly Left[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
        if (!environment.includes(`${MARK}=${directory}`) || parentOf(pid) === process.pid) return [];
        return [{ pid, name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() }];
      } catch {
        return []; // ended, or owned by another user
      }
    });
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
