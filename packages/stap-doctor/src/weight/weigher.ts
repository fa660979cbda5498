/** The fields of a frame that the weigher reads. The parser's frames have these fields. */
export interface WeighedFrame {
  readonly label: string;
  readonly symbol?: string;
  /** The path or base name that the trace contains. */
  readonly module?: string;
  /** Whether the frame is kernel code; absent if the trace does not say. */
  readonly kernel?: boolean;
  /**
   * The address, with `0x`. Without an address, the vDSO cannot be distinguished from other code that is not in a file.
   */
  readonly address?: string;
}

/**
 * Stacks in columns, leaf first. The parser's batches have this shape. Within one table, an id always means the same
 * frame. When a table is full, later stacks refer to a new table.
 *
 *     frames   [ 4 7 1 | 9 7 1 | 2 ]      ids in `table`
 *     bounds   [ 0       3       6   7 ]  stack i is frames[bounds[i]] … frames[bounds[i + 1] − 1]
 *     weights  [ 12      1       5 ]
 */
export interface WeighedStacks {
  readonly table: { frame(id: number): WeighedFrame };
  readonly frames: Uint32Array;
  readonly bounds: Uint32Array;
  readonly weights: readonly Float64Array[];
  release?(): void;
}

/** A module's costs. Weights are in the trace's unit, such as samples. Each stack counts once per field. */
export interface ModuleWeight {
  /** The name that the trace contains: a path, a base name or `kernel`. */
  readonly module: string;
  /** Whether the module is kernel code. */
  readonly kernel: boolean;
  /** Weight of stacks with a frame in this module. */
  readonly present: number;
  /** Weight of stacks with a named frame in this module. */
  readonly named: number;
  /** Weight of stacks with an unnamed frame in this module. */
  readonly nameless: number;
  /** Weight of stacks whose outermost frame is in this module but is not where complete stacks begin. */
  readonly stopsHere: number;
}

/** The costs of all modules. */
export interface Weights {
  /** Weight of all stacks that have frames. */
  readonly total: number;
  /** Weight of stacks with a frame whose name and module are both unknown. */
  readonly unknown: number;
  /** Weight of stacks with a frame in the vDSO. */
  readonly vdso: number;
  /** The modules, costliest first. */
  readonly modules: readonly ModuleWeight[];
  /** Weight of stacks with frames in modules that are not among the first {@link MAX_MODULES}. */
  readonly beyond: number;
}

/** Limit on the number of modules. A process maps hundreds of files, a host thousands, so no real trace exceeds it. */
export const MAX_MODULES = 4096;

/** Functions where a complete user stack begins: the entry points for programs and threads in glibc, musl and Go. */
const ROOT_SYMBOL =
  /^(?:(?:__GI_)?_*(?:start|dl_start(?:_user)?|dl_init|clone3?|thread_start|start_thread|v?fork)|runtime\.(?:goexit|mstart|rt0_go).*)(?:@.*)?$/;
/** The function that a program's `_start` calls. In a stripped program, `_start` itself has no name. */
const START_SYMBOL = /^__libc_start_(?:main|call_main)/;
/** The label that the parser puts at the root end of a stack whose depth is exactly the sampler's limit. */
const CUT = '[cut]';

/**
 * Matches C libraries, where threads begin. If a C library has no symbols, only its file name shows that a stack is
 * complete.
 */
const C_LIBRARY = /(?:^|\/)(?:libc|libpthread|ld-musl-\w+)[.-][^/]*$/;
/** Lower bound of vDSO addresses. x86-64 maps the vDSO at the top of the address space, above files and JIT code. */
const VDSO_FROM = 0x7ff0_0000_0000;

/** A frame's module is stored as the module's index or as one of these values. */
const NO_MODULE = -1;
const UNKNOWN = -2;
const BEYOND = -3;
const VDSO = -4;

/** The kind of a frame is a combination of these bits. */
const NAMELESS = 1;
const KERNEL = 2;
const ROOT = 4;
const START = 8;
/** A line that the unwinder did not print, such as the thread's name. */
const TEXT = 16;
/** A frame in the C library. */
const LIBRARY = 32;

/**
 * Weighs a trace's modules. For a trace of any length, this needs memory only for {@link MAX_MODULES} modules and a few
 * bytes per frame in the current table.
 */
export class SampleWeigher {
  readonly #ids = new Map<string, number>();
  readonly #modules: {
    module: string;
    kernel: boolean;
    present: number;
    named: number;
    nameless: number;
    stops: number;
  }[] = [];
  #total = 0;
  #unknown = 0;
  #vdso = 0;
  #beyond = 0;
  #table: WeighedStacks['table'] | undefined;
  #moduleOf: number[] = [];
  #kindOf: number[] = [];
  /** The last stack counted for each module. A stack counts only once, even if it has several frames in the module. */
  readonly #seen: number[] = [];
  readonly #seenNamed: number[] = [];
  readonly #seenNameless: number[] = [];
  #stack = 0;

  /** Adds the stacks of a batch without releasing the batch. */
  add(stacks: WeighedStacks): void {
    if (stacks.table !== this.#table) {
      this.#table = stacks.table;
      this.#moduleOf = [];
      this.#kindOf = [];
    }
    const { frames, bounds, weights } = stacks;
    for (let i = 0; i + 1 < bounds.length; i++)
      this.#addStack(frames, bounds[i]!, bounds[i + 1]!, weights.at(-1)![i]!);
  }

  get weights(): Weights {
    const modules = this.#modules.map(({ stops, ...rest }) => ({ ...rest, stopsHere: stops }));
    const cost = ({ nameless, stopsHere }: ModuleWeight): number => Math.max(nameless, stopsHere);
    modules.sort((a, b) => cost(b) - cost(a) || b.present - a.present || (a.module < b.module ? -1 : 1));
    const [total, unknown, vdso, beyond] = [this.#total, this.#unknown, this.#vdso, this.#beyond];
    return { total, unknown, vdso, modules, beyond };
  }

  /** Paths of the files whose symbols should be checked, costliest first. */
  get files(): readonly string[] {
    return this.weights.modules
      .filter(({ module, kernel }) => !kernel && module.startsWith('/'))
      .map(({ module }) => module);
  }

  #addStack(frames: Uint32Array, from: number, to: number, weight: number): void {
    const stack = ++this.#stack;
    let unknown = false;
    let vdso = false;
    let beyond = false;
    let printed = 0;
    /** Whether the stack has a user frame outside the C library. */
    let own = false;
    /** The kind and module of the frame nearest to the root, and the kind of the frame before that one. */
    let root = 0;
    let rootModule = NO_MODULE;
    let beforeRoot = 0;
    for (let i = from; i < to; i++) {
      const id = frames[i]!;
      const kind = this.#kindOf[id] ?? this.#look(id);
      if (kind & TEXT) continue;
      const module = this.#moduleOf[id]!;
      printed++;
      beforeRoot = root;
      root = kind;
      rootModule = module;
      own ||= module >= 0 && (kind & (LIBRARY | KERNEL)) === 0;
      if (module === UNKNOWN) unknown = true;
      else if (module === VDSO) vdso = true;
      else if (module === BEYOND) beyond = true;
      else if (module >= 0) this.#count(module, kind, stack, weight);
    }
    if (printed === 0) return;
    this.#total += weight;
    if (unknown) this.#unknown += weight;
    if (vdso) this.#vdso += weight;
    if (beyond) this.#beyond += weight;
    // a thread's two outermost frames, start_thread and clone, are in the C library, even if they have no names
    const thread = own && (root & beforeRoot & LIBRARY) !== 0;
    const whole = thread || (root & (ROOT | KERNEL)) !== 0 || (beforeRoot & START) !== 0;
    if (!whole && rootModule >= 0) this.#modules[rootModule]!.stops += weight;
  }

  #count(module: number, kind: number, stack: number, weight: number): void {
    const counts = this.#modules[module]!;
    if (this.#seen[module] !== stack) {
      this.#seen[module] = stack;
      counts.present += weight;
    }
    if (kind & NAMELESS) {
      if (this.#seenNameless[module] !== stack) counts.nameless += weight;
      this.#seenNameless[module] = stack;
    } else {
      if (this.#seenNamed[module] !== stack) counts.named += weight;
      this.#seenNamed[module] = stack;
    }
  }

  /** Determines and stores the kind and module of a frame that has not been seen before. */
  #look(id: number): number {
    const frame = this.#table!.frame(id);
    const { symbol, module, kernel } = frame;
    let kind = kernel === true ? KERNEL : 0;
    if (symbol === undefined) kind |= NAMELESS;
    else if (ROOT_SYMBOL.test(symbol)) kind |= ROOT;
    else if (START_SYMBOL.test(symbol)) kind |= START;
    const parsed = symbol !== undefined || module !== undefined || kernel !== undefined;
    if (module !== undefined && C_LIBRARY.test(module)) kind |= LIBRARY;
    if (!parsed && frame.label === CUT) kind |= ROOT;
    else if (!parsed) kind |= TEXT;
    this.#kindOf[id] = kind;
    this.#moduleOf[id] = this.#moduleIndex(frame);
    return kind;
  }

  #moduleIndex({ symbol, module, kernel, address }: WeighedFrame): number {
    const name = module ?? (kernel === true ? 'kernel' : undefined);
    if (name === undefined) {
      if (symbol !== undefined || kernel === undefined) return NO_MODULE;
      return Number(address) >= VDSO_FROM ? VDSO : UNKNOWN;
    }
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    if (this.#modules.length >= MAX_MODULES) return BEYOND;
    const index = this.#modules.length;
    this.#ids.set(name, index);
    this.#modules.push({
      module: name,
      kernel: kernel === true,
      present: 0,
      named: 0,
      nameless: 0,
      stops: 0,
    });
    return index;
  }
}
