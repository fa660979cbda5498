/** The fields of a frame that the weigher reads; the parser's frames have this shape. */
export interface WeighedFrame {
  readonly label: string;
  readonly symbol?: string;
  /** Path or base name, as printed. */
  readonly module?: string;
  /** `true` in the kernel, absent if the trace does not say. */
  readonly kernel?: boolean;
  /** `0x…`; without it, the vDSO cannot be distinguished from other code that is in no file. */
  readonly address?: string;
}

/**
 * Stacks in columns, leaf first; the parser's batches have this shape. Within one table, an id always means the same
 * frame; a full table is followed by another one.
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

/** A module's costs. All weights are samples (or what the trace counts); each stack counts once. */
export interface ModuleWeight {
  /** As printed: a path, a base name, `kernel`. */
  readonly module: string;
  /** Whether its frames are the kernel's. */
  readonly kernel: boolean;
  /** Stacks that hold a frame of it. */
  readonly present: number;
  /** Stacks that hold a frame of it with a name. */
  readonly named: number;
  /** Stacks that hold a frame of it without a name. */
  readonly nameless: number;
  /** Stacks that stop in it: their outermost frame is in it, and complete stacks do not begin there. */
  readonly stopsHere: number;
}

/** The costs of all modules. */
export interface Weights {
  /** Weight of all stacks that have frames. */
  readonly total: number;
  /** Weight of stacks with a frame about which nothing is known, not even a module. */
  readonly unknown: number;
  /** Weight of stacks with a frame in the vDSO. */
  readonly vdso: number;
  /** The costliest first. */
  readonly modules: readonly ModuleWeight[];
  /** Weight of stacks that hold frames of modules beyond the first {@link MAX_MODULES}. */
  readonly beyond: number;
}

/** A process maps hundreds of files, a host thousands; no real trace names more modules than this. */
export const MAX_MODULES = 4096;

/** Functions in which a complete user stack begins: the program and thread entry points of glibc and musl, and Go's. */
const ROOT_SYMBOL =
  /^(?:(?:__GI_)?_*(?:start|dl_start(?:_user)?|dl_init|clone3?|thread_start|start_thread|v?fork)|runtime\.(?:goexit|mstart|rt0_go).*)(?:@.*)?$/;
/** Called by the program's own `_start`, which a stripped program does not name. */
const START_SYMBOL = /^__libc_start_(?:main|call_main)/;
/** The parser's mark at the root end of a stack of exactly the sampler's depth limit. */
const CUT = '[cut]';

/** Threads begin in these files; in a C library without symbols, this is the only sign of it. */
const C_LIBRARY = /(?:^|\/)(?:libc|libpthread|ld-musl-\w+)[.-][^/]*$/;
/** x86-64 maps the vDSO right above the stack, at the top of the address space, where there is no file and no JIT code. */
const VDSO_FROM = 0x7ff0_0000_0000;

/** A frame's module as the weigher stores it: its index, or one of these. */
const NO_MODULE = -1;
const UNKNOWN = -2;
const BEYOND = -3;
const VDSO = -4;

/** Kinds of frames, as bits, in addition to their module. */
const NAMELESS = 1;
const KERNEL = 2;
const ROOT = 4;
const START = 8;
/** Not printed by the unwinder: a header line such as the thread's name. */
const TEXT = 16;
/** In the C library. */
const LIBRARY = 32;

/**
 * Weighs the modules of a trace. Memory: a few bytes for each frame of the current table, and {@link MAX_MODULES}
 * modules, however long the trace is.
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
  /** The last stack that was counted for each module, so that no stack counts twice. */
  readonly #seen: number[] = [];
  readonly #seenNamed: number[] = [];
  readonly #seenNameless: number[] = [];
  #stack = 0;

  /** Adds the stacks of a batch; the batch stays usable. */
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

  /** Paths of the files whose symbols are worth a look, the costliest first. */
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
    /** Whether the stack has a frame in the program or in one of its own libraries. */
    let own = false;
    /** Kinds and module of the frame nearest to the root, and the kinds of the one before it. */
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
    // the last two frames are in the C library again: start_thread and clone, whatever they are called
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

  /** Classifies a frame that is seen for the first time. */
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
