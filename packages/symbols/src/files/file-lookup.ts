import type { CodePlace, FoundFunctions, PlaceLookup } from '../lookup/found.ts';
import {
  resolveFileOptions,
  type FileLookupOptions,
  type ResolvedFileLookupOptions,
} from './file-options.ts';
import { locate, type Located, type ModuleFile } from './module-file.ts';
import { Symboliser } from './symboliser.ts';
import { findTool, type Tool } from './tools.ts';

/** Maximum number of processes that run at the same time. Each holds its file's debug information in memory. */
const MOST_OPEN = 8;
/** Maximum number of cached answers for each file. A full cache is cleared. */
const REMEMBERED = 1 << 17;

const NO_TOOL = 'no symboliser is installed; install llvm, elfutils or binutils';

/** The results of all lookups in one module. */
export interface ModuleReport {
  readonly module: string;
  /** Number of distinct locations that have no name in the trace, or for which a better name was found. */
  readonly asked: number;
  readonly found: number;
  /** Why functions in the module have no names; absent if nothing went wrong. */
  readonly problem?: string;
}

/** A module, with its cached answers and its counts. */
interface Module {
  readonly located: Located;
  readonly answers: Map<number, FoundFunctions | undefined>;
  /** Why lookups in this module have ended. */
  problem?: string;
  asked: number;
  found: number;
}

/** Uses an installed symboliser to look up functions in files. Each file gets its own process. */
export class FileLookup {
  readonly #options: ResolvedFileLookupOptions;
  readonly #modules = new Map<string, Module>();
  /** Modules with a running process, the most recently used module last. */
  readonly #open = new Map<Module, Symboliser>();
  #tool: Promise<Tool | undefined> | undefined;
  #closed = false;

  constructor(options: FileLookupOptions = {}) {
    this.#options = resolveFileOptions(options);
  }

  readonly lookup: PlaceLookup = async (places) => {
    const answers: (FoundFunctions | undefined)[] = Array.from({ length: places.length });
    for (const indexes of byModule(places)) {
      const found = await this.#inModule(indexes.map((i) => places[i]!));
      for (const [at, i] of indexes.entries()) answers[i] = found[at];
    }
    return answers;
  };

  /** Reports on all requested modules, in the order they were first requested. */
  get report(): readonly ModuleReport[] {
    return Array.from(this.#modules, ([id, module]) => reportOf(id, module));
  }

  /** Stops the processes. Frames that are being looked up get no names. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const symboliser of this.#open.values()) symboliser.close();
    this.#open.clear();
    for (const { located } of this.#modules.values()) if ('file' in located) located.file.unnamed?.remove();
  }

  async #inModule(places: readonly CodePlace[]): Promise<readonly (FoundFunctions | undefined)[]> {
    const module = await this.#moduleOf(places[0]!);
    const found = await this.#answersFor(module, places);
    for (const [i, { named }] of places.entries()) {
      const isFound = found[i] !== undefined;
      // a frame that already has a name is counted only if a better name was found
      if (isFound || !named) module.asked++;
      if (isFound) module.found++;
    }
    return found;
  }

  async #answersFor(
    module: Module,
    places: readonly CodePlace[],
  ): Promise<readonly (FoundFunctions | undefined)[]> {
    const { located, answers } = module;
    if ('reason' in located) return places.map(() => undefined);
    const { base, knowsMore, exported } = located.file;
    // do not look up a name that SystemTap took from the same symbol table
    const isRight = ({ offset, named }: CodePlace): boolean =>
      named && (!knowsMore || exported?.nameAt(base + offset) !== undefined);
    const addressOf = (place: CodePlace): number => (isRight(place) ? -1 : base + place.offset);
    const addresses = places.map(addressOf);
    const unknown = new Set<number>();
    for (const address of addresses) {
      if (address <= 0 || answers.has(address)) continue;
      const symbol = exported?.nameAt(address);
      if (symbol === undefined) unknown.add(address);
      else answers.set(address, [{ symbol }]);
    }
    if (unknown.size > 0)
      await this.#ask(
        module,
        located.file,
        [...unknown].toSorted((a, b) => a - b),
      );
    const found = addresses.map((address) => answers.get(address));
    if (answers.size > REMEMBERED) answers.clear();
    return found;
  }

  async #moduleOf(place: CodePlace): Promise<Module> {
    const id = idOf(place);
    let module = this.#modules.get(id);
    if (!module) {
      const located = await locate(place.module, place.buildId, this.#options);
      module = { located, answers: new Map(), asked: 0, found: 0 };
      this.#modules.set(id, module);
    }
    return module;
  }

  async #ask(module: Module, file: ModuleFile, addresses: readonly number[]): Promise<void> {
    if (module.problem !== undefined) return;
    const tool = await (this.#tool ??= findTool(this.#options.path));
    if (!tool || this.#closed) {
      module.problem = this.#closed ? 'the lookup was stopped' : NO_TOOL;
      return;
    }
    const symboliser = this.#running(module) ?? new Symboliser(tool, file, this.#options.patience);
    this.#open.set(module, symboliser);
    this.#closeOldest();
    const found = await symboliser.ask(addresses);
    for (const [i, address] of addresses.entries()) module.answers.set(address, found[i]);
    if (symboliser.failure === undefined) return;
    this.#open.delete(module);
    module.problem = symboliser.failure;
  }

  /** Returns the module's process, if any. Removes it from the map, so that it can be added again at the end. */
  #running(module: Module): Symboliser | undefined {
    const symboliser = this.#open.get(module);
    this.#open.delete(module);
    return symboliser;
  }

  #closeOldest(): void {
    const [oldest] = this.#open;
    if (!oldest || this.#open.size <= MOST_OPEN) return;
    const [module, symboliser] = oldest;
    this.#open.delete(module);
    symboliser.close();
  }
}

/** Groups locations by module, and returns the indexes of the locations in each group. */
function byModule(places: readonly CodePlace[]): Iterable<readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const [i, place] of places.entries()) {
    const id = idOf(place);
    const group = groups.get(id);
    if (group) group.push(i);
    else groups.set(id, [i]);
  }
  return groups.values();
}

function reportOf(id: string, { asked, found, problem, located }: Module): ModuleReport {
  const why = problem ?? ('reason' in located ? located.reason : undefined);
  return { module: id.slice(id.indexOf(' ') + 1), asked, found, ...(why !== undefined && { problem: why }) };
}

function idOf({ module, buildId = '' }: CodePlace): string {
  return `${buildId} ${module}`;
}
