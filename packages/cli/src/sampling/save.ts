import {
  inspect,
  readExported,
  readKernelSymbols,
  readPerfMap,
  type RunnerExit,
  type RunnerOptions,
  type Site,
} from '@stapflame/stap-runner';
import type { ScriptOptions } from '@stapflame/stap-script';
import { withOutput } from '../io/with-output.ts';
import { forTerminal } from '../terminal.ts';
import { exportedHere } from './exported-here.ts';
import { kernelSymbols } from './kernel-symbols.ts';
import type { Closed, Place } from './place.ts';
import { SampledProcess } from './sampled-process.ts';
import { sampledPids } from './sampled-processes.ts';

/** File mode. Other users must not be able to read the addresses of a process's code. */
const OWNER_ONLY = 0o600;
/** Programs that read the saved file accept perf maps up to this total size. */
const MOST_PERF_MAP_CHARACTERS = 1 << 26;

/** The data that is saved about one machine. */
interface SavedPlace {
  readonly host?: string;
  readonly release: string;
  readonly buildIds: Readonly<Record<string, string>>;
  readonly exported?: Readonly<Record<string, string>>;
  readonly processes: readonly { readonly pid: number; readonly maps: string; readonly perfMap?: string }[];
  readonly kallsyms?: string;
}

/** A machine that was inspected before sampling, and the data that is read from it after sampling. */
interface LookedAt {
  readonly host: string | undefined;
  readonly runner: RunnerOptions;
  readonly site: Site;
  perfMap?: string | undefined;
  kallsyms?: string | undefined;
  exported?: Readonly<Record<string, string>>;
}

/**
 * Saves the data needed to look up names for a trace's addresses later, even on another machine. For each sampled
 * machine, this is the kernel release, the processes' maps, their files' build-ids, the exported functions of files
 * that name no other functions, perf maps, and the kernel's symbols. On this machine, child processes are included. On
 * a host, only the process given with `-p` is included. Each machine is inspected before and after sampling, because
 * libraries may be loaded later, JITs write their maps gradually, and processes may end.
 */
export class Saving {
  readonly #file: string;
  readonly #options: ScriptOptions;
  readonly #sites: readonly LookedAt[];
  /** Messages about data that could not be saved. */
  readonly #leftOut: readonly string[];
  readonly #processes = new Map<number, SampledProcess>();
  readonly #named: readonly (readonly [file: string, functions: string])[];
  #kallsyms: string | undefined;

  private constructor(
    file: string,
    options: ScriptOptions,
    sites: readonly LookedAt[],
    leftOut: readonly string[],
  ) {
    this.#leftOut = leftOut;
    this.#file = file;
    this.#options = options;
    this.#sites = sites;
    this.#named = exportedOfNamed(options);
  }

  /** Inspects the machines and writes the file for the first time. */
  static async begin(
    file: string,
    places: readonly (Place | Closed)[],
    options: ScriptOptions,
  ): Promise<Saving> {
    const looked = await Promise.all(places.map((place) => lookAt(place, options.pid)));
    const sites = looked.flatMap((each) => each.looked ?? []);
    const notes = looked.flatMap((each) => each.note ?? []);
    const saving = new Saving(file, options, sites, notes);
    if (saving.#sites.some(({ host }) => host === undefined)) saving.#kallsyms = await kernelSymbols(options);
    await saving.#write();
    return saving;
  }

  /** Inspects the machines again and writes the final file. Returns messages for the user. */
  async finish(): Promise<readonly string[]> {
    await Promise.all(this.#sites.map((each) => this.#lookThere(each)));
    await this.#write();
    const sampled = [...this.#processes.values()];
    await Promise.all(sampled.map((process) => process.close()));
    const refused = sampled.flatMap(({ pid, refusal }) =>
      refusal === undefined ? [] : [`the perf map of process ${pid} was left out: ${forTerminal(refusal)}`],
    );
    return [...this.#leftOut, ...refused];
  }

  async #write(): Promise<void> {
    if (this.#sites.some(({ host }) => host === undefined)) await this.#lookHere();
    const text = `${JSON.stringify({ version: 1, sites: this.#sites.map((each) => this.#saved(each)) }, undefined, 2)}\n`;
    await withOutput(this.#file, (output) => output.write(Buffer.from(text)), OWNER_ONLY);
  }

  async #lookHere(): Promise<void> {
    for (const pid of await sampledPids(this.#options)) {
      if (this.#processes.has(pid)) continue;
      const process = await SampledProcess.open(pid);
      if (process) this.#processes.set(pid, process);
    }
    for (const process of this.#processes.values()) await process.look();
  }

  /** Reads a host's data after sampling. By then, a JIT has written its map. */
  async #lookThere(there: LookedAt): Promise<void> {
    const { host, runner } = there;
    const { pid, user, kernel } = this.#options;
    if (host === undefined) return;
    if (pid !== undefined) {
      there.perfMap = await readPerfMap(runner, pid);
      there.exported = await readExported(runner, there.site.files);
    }
    if (kernel === true || user !== true) there.kallsyms = await readKernelSymbols(runner);
  }

  #saved({ host, site, perfMap, kallsyms, exported: far = {} }: LookedAt): SavedPlace {
    const { release, buildIds, maps } = site;
    const { pid } = this.#options;
    const inspected = pid === undefined || maps === '' ? [] : [{ pid, maps }];
    if (host !== undefined) {
      const processes = inspected.map((each) => ({ ...each, ...(perfMap !== undefined && { perfMap }) }));
      return {
        host,
        release,
        buildIds,
        ...given(far),
        processes,
        ...(kallsyms !== undefined && { kallsyms }),
      };
    }
    const sampled = [...this.#processes.values()];
    const exported = Object.fromEntries([...this.#named, ...sampled.flatMap((each) => [...each.exported])]);
    // Only root may read the maps of another user's process. If this process could read none, the maps that the
    // inspection read with sudo are saved.
    const kept = sampled.map((each) => each.kept).filter((each) => each.maps !== '');
    return {
      release,
      buildIds: Object.assign({}, buildIds, ...sampled.map((each) => Object.fromEntries(each.buildIds))),
      ...given(exported),
      processes: kept.length > 0 ? withinBounds(kept) : inspected,
      ...(this.#kallsyms !== undefined && { kallsyms: this.#kallsyms }),
    };
  }
}

function given(exported: Readonly<Record<string, string>>): Pick<SavedPlace, 'exported'> {
  return Object.keys(exported).length > 0 ? { exported } : {};
}

/** Returns the exported functions of the files that the user named. The `-c` command may load these files. */
function exportedOfNamed({
  modules = [],
  sysroot = '',
}: ScriptOptions): readonly (readonly [string, string])[] {
  return modules.flatMap((module) => {
    const functions = exportedHere(`${sysroot}${module}`);
    return functions === undefined ? [] : [[module, functions] as const];
  });
}

/** Keeps as many perf maps as readers accept, starting with the first process. */
function withinBounds(processes: SavedPlace['processes']): SavedPlace['processes'] {
  let characters = 0;
  return processes.map(({ pid, maps, perfMap }) => {
    characters += perfMap?.length ?? 0;
    const isKept = perfMap !== undefined && characters <= MOST_PERF_MAP_CHARACTERS;
    return isKept ? { pid, maps, perfMap } : { pid, maps };
  });
}

async function lookAt(
  place: Place | Closed,
  pid: number | undefined,
): Promise<{ readonly looked?: LookedAt; readonly note?: string }> {
  const { host } = place;
  if ('exit' in place) return { note: leftOut(host, place.exit) };
  const found = await inspect(place.runner, pid);
  return 'exit' in found
    ? { note: leftOut(host, found.exit) }
    : { looked: { host, runner: place.runner, site: found.site } };
}

function leftOut(host: string | undefined, { messages }: RunnerExit): string {
  const reason = messages.trim().split('\n').at(-1) || 'there was no answer';
  return `--save: no data was saved about ${host ?? 'this machine'}, because it could not be inspected: ${reason}`;
}
