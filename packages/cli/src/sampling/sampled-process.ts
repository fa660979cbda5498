import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { codeMappings } from '@stapflame/stap-script';
import { exportedFunctions, readElf } from '@stapflame/symbols';
import { readerOf } from './exported-here.ts';
import { openMapped, openProcess, openRoot, through, walk } from './mapped-file.ts';

const { O_NOCTTY, O_NONBLOCK, O_RDONLY } = constants;
/** Maximum size of a perf map in bytes. A map with 200,000 functions takes up 20 MB. */
const MOST_PERF_MAP_BYTES = 1 << 25;
/** Maximum number of files to read. Programs map a few hundred files. */
const MOST_FILES = 1024;
/** Maximum total length of the lists of exported functions. Most files export a few thousand functions. */
const MOST_EXPORTED_CHARACTERS = 1 << 23;
const MOST_MAPS_CHARACTERS = 1 << 22;

/** The data that is saved about a process. */
export interface KeptProcess {
  readonly pid: number;
  readonly maps: string;
  readonly perfMap?: string;
}

/**
 * A sampled process. Its directory in /proc and its root directory are kept open, so that later reads still refer to
 * the same process.
 */
export class SampledProcess {
  readonly pid: number;
  readonly #handle: FileHandle;
  readonly #root: FileHandle | undefined;
  /** The process's user, and the PID that the process has inside its container, if it runs in one. */
  readonly #owner: { readonly uid: number; readonly ownPid: number } | undefined;
  #maps = '';
  #perfMap: string | undefined;
  /** Why the perf map was left out, if it was. */
  refusal: string | undefined;
  readonly buildIds: Map<string, string> = new Map();
  /** Exported functions of files that do not name other functions, by path. */
  readonly exported: Map<string, string> = new Map();
  #exportedCharacters = 0;

  private constructor(
    pid: number,
    handle: FileHandle,
    root: FileHandle | undefined,
    owner: { readonly uid: number; readonly ownPid: number } | undefined,
  ) {
    this.pid = pid;
    this.#handle = handle;
    this.#root = root;
    this.#owner = owner;
  }

  /** Opens a process. Returns `undefined` if there is no such process. */
  static async open(pid: number): Promise<SampledProcess | undefined> {
    const handle = await openProcess(pid).catch(() => undefined);
    if (!handle) return undefined;
    const root = await openRoot(handle).catch(() => undefined);
    return new SampledProcess(pid, handle, root, ownerIn(await readAll(`${through(handle)}/status`)));
  }

  /** Reads the process's data. Data that was read by an earlier call is kept even if it has since disappeared. */
  async look(): Promise<void> {
    const maps = await readAll(`${through(this.#handle)}/maps`);
    if (maps !== '') {
      this.#maps = joined(this.#maps, maps).slice(0, MOST_MAPS_CHARACTERS);
      await this.#readBuildIds(maps);
    }
    this.#perfMap = (await this.#readPerfMap()) ?? this.#perfMap;
  }

  get kept(): KeptProcess {
    return {
      pid: this.pid,
      maps: this.#maps,
      ...(this.#perfMap !== undefined && { perfMap: this.#perfMap }),
    };
  }

  async close(): Promise<void> {
    await this.#handle.close();
    await this.#root?.close();
  }

  /** Reads the build-ids of the mapped files, even if different files are at their paths now. */
  async #readBuildIds(maps: string): Promise<void> {
    const mappings = codeMappings(maps).filter(({ file }) => !this.buildIds.has(file));
    for (const mapping of mappings.slice(0, MOST_FILES)) {
      try {
        const { handle } = await openMapped(this.#handle, mapping);
        try {
          const readAt = readerOf(handle.fd);
          const elf = readElf(readAt);
          if (elf?.buildId !== undefined) this.buildIds.set(mapping.file, elf.buildId);
          this.#keepExported(mapping.file, elf && exportedFunctions(elf, readAt));
        } finally {
          await handle.close();
        }
      } catch {
        // This file cannot be read, so its functions will have no names.
      }
    }
  }

  #keepExported(file: string, functions: string | undefined): void {
    if (functions === undefined || this.exported.has(file)) return;
    this.#exportedCharacters += functions.length;
    if (this.#exportedCharacters <= MOST_EXPORTED_CHARACTERS) this.exported.set(file, functions);
  }

  /**
   * Reads the target's perf map. This process usually runs as root, and the target must not be able to make it read
   * other files. Therefore the map must be a regular file that belongs to the target's user, and no links are followed
   * in the target's root directory.
   */
  async #readPerfMap(): Promise<string | undefined> {
    if (!this.#root || !this.#owner) return undefined;
    const { uid, ownPid } = this.#owner;
    const file = await walk(this.#root, `/tmp/perf-${ownPid}.map`).catch(() => undefined);
    if (!file) return undefined;
    try {
      const stats = await file.stat();
      this.refusal = whyRefused(stats.isFile(), stats.uid === uid, stats.size);
      if (this.refusal !== undefined) return undefined;
      const handle = await open(through(file), O_RDONLY | O_NONBLOCK | O_NOCTTY);
      return await textOf(handle, MOST_PERF_MAP_BYTES).finally(() => handle.close());
    } catch (error) {
      this.refusal = (error as Error).message.replace(/, \w+ '.*$/s, '');
      return undefined;
    } finally {
      await file.close();
    }
  }
}

function whyRefused(isFile: boolean, isOwn: boolean, size: number): string | undefined {
  if (!isFile) return 'it is not a regular file';
  if (!isOwn) return 'it does not belong to the user who runs the process';
  return size > MOST_PERF_MAP_BYTES ? `it is larger than ${MOST_PERF_MAP_BYTES >> 20} MiB` : undefined;
}

/** Returns the process's effective user, and its PID in the innermost PID namespace. */
function ownerIn(status: string): { uid: number; ownPid: number } | undefined {
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1];
  const ownPid = /^NSpid:.*?(\d+)$/m.exec(status)?.[1] ?? /^Pid:\s+(\d+)$/m.exec(status)?.[1];
  return uid === undefined || ownPid === undefined ? undefined : { uid: Number(uid), ownPid: Number(ownPid) };
}

/**
 * Appends new lines to the earlier lines. New lines come last, because the last line for an address is the one that
 * counts.
 */
function joined(before: string, now: string): string {
  const known = new Set(before.split('\n'));
  return (
    before +
    now
      .split('\n')
      .filter((line) => line !== '' && !known.has(line))
      .map((line) => `${line}\n`)
      .join('')
  );
}

async function readAll(path: string): Promise<string> {
  try {
    const handle = await open(path, O_RDONLY);
    return await textOf(handle, MOST_MAPS_CHARACTERS).finally(() => handle.close());
  } catch {
    // The process has ended or belongs to another user.
    return '';
  }
}

/** Reads a text file, up to a maximum size, because the file may grow while it is being read. */
export async function textOf(handle: FileHandle, most: number): Promise<string> {
  const pieces: Buffer[] = [];
  for (let size = 0; size < most;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(1 << 20, most - size)));
    if (bytesRead === 0) break;
    pieces.push(buffer.subarray(0, bytesRead));
    size += bytesRead;
  }
  return Buffer.concat(pieces).toString('utf8');
}
