import { ExportedNames } from './exported-names.ts';
import { Kallsyms } from './kallsyms.ts';
import { PerfMap } from './perf-map.ts';
import { ProcessMaps, type ModulePlace } from './process-maps.ts';
import type { SavedSite } from './saved-file.ts';

/** The code at an address: a location in a file, or a function compiled by a JIT. */
export type CodeAt = ModulePlace | { readonly jit: string };

/** What is known about the code of one process. */
interface Process {
  readonly maps: ProcessMaps | undefined;
  readonly perfMap: PerfMap | undefined;
}

/**
 * Locates the code of the sampled processes. A trace does not say which process an address belongs to, so the
 * code at an address is unknown if two processes have different code there.
 */
export class KnownCode {
  readonly #processes: readonly Process[];
  readonly #kernels: readonly Kallsyms[];
  readonly #buildIds = new Map<string, string | undefined>();
  /** Exported functions by module. The text is parsed when the module is first requested. */
  readonly #exported = new Map<string, string | ExportedNames | undefined>();
  readonly #read: ReadModules;

  /**
   * @param perfMaps perf maps of other processes
   * @param exportedIn returns the exported functions of a module for which no site has saved them, in the format of
   *   `SavedSite.exported`; called again for a module that is no longer among the most recently read ones
   */
  constructor(
    sites: readonly SavedSite[],
    perfMaps: readonly string[] = [],
    exportedIn: (module: string) => string | undefined = () => undefined,
  ) {
    this.#read = new ReadModules(exportedIn);
    const saved = sites.flatMap(({ processes }) => processes);
    this.#processes = [
      ...saved.map(({ maps, perfMap }) => ({
        maps: new ProcessMaps(maps),
        perfMap: perfMap === undefined ? undefined : new PerfMap(perfMap),
      })),
      ...perfMaps.map((text) => ({ maps: undefined, perfMap: new PerfMap(text) })),
    ];
    this.#kernels = sites.flatMap(({ kallsyms }) => (kallsyms === undefined ? [] : [new Kallsyms(kallsyms)]));
    for (const { buildIds, exported = {} } of sites) {
      addAgreed(this.#buildIds, buildIds);
      addAgreed(this.#exported, exported);
    }
  }

  /** Returns the user code at the address. */
  codeAt(address: number): CodeAt | undefined {
    return agreed(
      this.#processes.map(({ maps, perfMap }) => maps?.placeAt(address) ?? jitCode(perfMap?.nameAt(address))),
    );
  }

  /** Returns the name of the kernel function at the address, which may be in a kernel module. */
  kernelFunctionAt(address: number): string | undefined {
    return agreed(this.#kernels.map((kernel) => kernel.nameAt(address)));
  }

  /** Returns the build-id of the sampled file; `undefined` if it is not known or if several files had this path. */
  buildIdOf(module: string): string | undefined {
    return this.#buildIds.get(module);
  }

  /**
   * Whether the symbol is an exported function that ends before the code at this offset, in a file that names no other
   * functions. The code then belongs to an unnamed function.
   */
  isBeyondExported(module: string, symbol: string, offset: number): boolean {
    const saved = this.#exported.get(module);
    if (typeof saved === 'string') this.#exported.set(module, new ExportedNames(saved));
    const known = this.#exported.has(module) ? this.#exported.get(module) : this.#read.get(module);
    return known instanceof ExportedNames && known.isBeyond(symbol, offset);
  }
}

/**
 * The exported functions of the most recently read modules. Only these are kept, because a trace can name any number of
 * modules.
 */
class ReadModules {
  readonly #exportedIn: (module: string) => string | undefined;
  readonly #read = new Map<string, { readonly names: ExportedNames | undefined; readonly bytes: number }>();
  #bytes = 0;

  constructor(exportedIn: (module: string) => string | undefined) {
    this.#exportedIn = exportedIn;
  }

  get(module: string): ExportedNames | undefined {
    const known = this.#read.get(module);
    if (known) return known.names;
    const text = this.#exportedIn(module);
    const names = text === undefined ? undefined : new ExportedNames(text);
    const bytes = module.length + (text?.length ?? 0) + MODULE_BYTES;
    this.#read.set(module, { names, bytes });
    this.#bytes += bytes;
    for (const [oldest, read] of this.#read) {
      if (this.#bytes <= MOST_READ || oldest === module) break;
      this.#read.delete(oldest);
      this.#bytes -= read.bytes;
    }
    return names;
  }
}

/**
 * Number of bytes of exported functions to keep, and number of bytes that a module takes up in addition to its text.
 */
const MOST_READ = 1 << 25;
const MODULE_BYTES = 200;

/** Adds the value saved for each file. If different values were saved for the same path, the value is unknown. */
function addAgreed(known: Map<string, unknown>, saved: Readonly<Record<string, string>>): void {
  for (const [module, text] of Object.entries(saved)) {
    const isNew = !known.has(module);
    known.set(module, isNew || known.get(module) === text ? text : undefined);
  }
}

function jitCode(name: string | undefined): CodeAt | undefined {
  return name === undefined ? undefined : { jit: name };
}

/** Returns the answer if all known answers are equal; `undefined` if they differ. */
function agreed<T>(answers: readonly (T | undefined)[]): T | undefined {
  const given = answers.filter((answer) => answer !== undefined);
  const texts = new Set(given.map((answer) => JSON.stringify(answer)));
  return texts.size === 1 ? given[0] : undefined;
}
