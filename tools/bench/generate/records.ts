import { PerfText } from './perf-text.ts';
import {
  ADDRESS_AT,
  createProgram,
  lineOf,
  loadAddresses,
  SECOND_ADDRESS_AT,
  SITES,
  writeAddress,
  type Program,
} from './program.ts';
import { Random } from './random.ts';
import { LONGEST_RECORD, type RecordSource } from './record-source.ts';
import { MAX_DEPTH, MIN_DEPTH, MOST_STACKS, writeStack } from './stacks.ts';

/** Frames next to the leaf that may be anywhere in their program. */
const ANYWHERE = 6;
/** The number of distinct stacks in every kind of one program but `distinct`. */
export const POOL = 20_000;

/** Records that live side by side in a trace of many processes, and how long a process lives. */
const LIVE_PROCESSES = 64;
const RECORDS_OF_A_PROCESS = 256;

/** 64 CPUs at 99 Hz. */
const SAMPLES_A_SECOND = 6336;
const FIRST_NANOSECOND = 1_795_416_969_000_000_000n;

/** Counts as aggregated traces have them: half are 1, few are large. */
function nextCount(random: Random): number {
  return Math.floor(1 / (random.bits() / 2 ** 32 + 0.001));
}

class Base {
  readonly head: string = '';
  lines = 0;
  weight = 0;
  protected readonly random: Random;
  protected readonly program: Program;
  protected readonly stack: Uint16Array = new Uint16Array(MAX_DEPTH);

  constructor(seed: number) {
    this.random = new Random(seed);
    this.program = createProgram(this.random);
    place(this.program, loadAddresses(this.random));
  }

  tail(_records: number): string {
    return '';
  }

  protected writeLine(into: Buffer, at: number, line: number): number {
    const { text, starts } = this.program;
    return at + text.copy(into, at, starts[line], starts[line + 1]);
  }

  protected writeCount(into: Buffer, at: number, frames: number): number {
    this.weight = nextCount(this.random);
    this.lines = frames + 1;
    return at + into.write(`\t${this.weight}\n`, at, 'latin1');
  }
}

/** Every stack differs from every other by names. */
class DistinctRecords extends Base implements RecordSource {
  #number = 0;

  write(into: Buffer, at: number): number {
    if (this.#number === MOST_STACKS) throw new RangeError(`there are only ${MOST_STACKS} distinct stacks`);
    const depth = writeStack(this.program, this.random, this.#number++, this.stack);
    let end = at;
    for (let frame = 0; frame < depth; frame++) end = this.writeLine(into, end, this.stack[frame]!);
    return this.writeCount(into, end, depth);
  }
}

/** One frame a record: the most records for their bytes. */
class ShallowRecords extends Base implements RecordSource {
  write(into: Buffer, at: number): number {
    const line = this.random.below(this.program.modules.length);
    return this.writeCount(into, this.writeLine(into, at, line), 1);
  }
}

/** Stacks out of a pool, evenly, so that no cache is flattered by a few favourites. */
abstract class PooledRecords extends Base {
  protected readonly stacks: Uint16Array[] = [];

  constructor(seed: number) {
    super(seed);
    for (let number = 0; number < POOL; number++) {
      const depth = writeStack(this.program, this.random, number, this.stack);
      this.stacks.push(this.stack.slice(0, depth));
    }
  }

  protected nextStack(): number {
    return this.random.below(POOL);
  }
}

/** The text of each stack is kept, so that a record is one copy. */
class LowRecords extends PooledRecords implements RecordSource {
  readonly #texts: Buffer[];

  constructor(seed: number) {
    super(seed);
    const block = Buffer.allocUnsafe(LONGEST_RECORD);
    this.#texts = this.stacks.map((stack) => {
      let end = 0;
      for (const line of stack) end = this.writeLine(block, end, line);
      return Buffer.from(block.subarray(0, end));
    });
  }

  write(into: Buffer, at: number): number {
    const number = this.nextStack();
    const end = this.writeStackText(into, at, number);
    return this.writeCount(into, end, this.stacks[number]!.length);
  }

  protected writeStackText(into: Buffer, at: number, number: number): number {
    return at + this.#texts[number]!.copy(into, at);
  }
}

/** The framed streaming dialect: one sample a record, heartbeats, header and trailer. */
class FramedRecords extends LowRecords {
  override readonly head: string =
    '# stapflame 1 mode=stream hz=99 pids=4242 unit=samples maxbacktrace=128\n';
  #samples = 0;

  override write(into: Buffer, at: number): number {
    const now = FIRST_NANOSECOND + BigInt(Math.floor((this.#samples * 1e9) / SAMPLES_A_SECOND));
    const beat = this.#samples % SAMPLES_A_SECOND === SAMPLES_A_SECOND - 1 ? `#. ${now}\n` : '';
    this.#samples++;
    const mark = `${this.random.below(64)} ${now}`;
    const number = this.nextStack();
    const begun = at + into.write(`${beat}#< ${mark}\n`, at, 'latin1');
    const end = this.writeStackText(into, begun, number);
    this.weight = 1;
    this.lines = this.stacks[number]!.length + (beat === '' ? 4 : 5);
    const thread = 4242 + (number % 16);
    return end + into.write(`orders-server/${thread}\n#> ${mark}\n\t1\n`, end, 'latin1');
  }

  override tail(records: number): string {
    return `# stapflame end hits=${records}\n`;
  }
}

/** The same stacks in many processes, each with load addresses of its own: lines hardly ever repeat. */
class SlidingRecords extends PooledRecords implements RecordSource {
  readonly #bases: Float64Array[];
  readonly #ages: Uint32Array;

  constructor(seed: number) {
    super(seed);
    this.#bases = Array.from({ length: LIVE_PROCESSES }, () => loadAddresses(this.random));
    this.#ages = Uint32Array.from({ length: LIVE_PROCESSES }, () => this.random.below(RECORDS_OF_A_PROCESS));
  }

  write(into: Buffer, at: number): number {
    const process = this.random.below(LIVE_PROCESSES);
    this.#ages[process]!++;
    if (this.#ages[process] === RECORDS_OF_A_PROCESS) {
      this.#bases[process] = loadAddresses(this.random);
      this.#ages[process] = 0;
    }
    const bases = this.#bases[process]!;
    const stack = this.stacks[this.nextStack()]!;
    const { modules, offsets, unnamed } = this.program;
    let end = at;
    for (const line of stack) {
      const begun = end;
      end = this.writeLine(into, end, line);
      const address = bases[modules[line]!]! + offsets[line]!;
      writeAddress(into, begun + ADDRESS_AT, address);
      if (unnamed[line] === 1) writeAddress(into, begun + SECOND_ADDRESS_AT, address);
    }
    return this.writeCount(into, end, stack.length);
  }
}

/** A program that was drawn, with those of its stacks that were. */
interface DrawnProgram {
  readonly program: Program;
  readonly stacks: (Uint16Array | undefined)[];
}

/** Programs on one machine, or on many: each record is of one of them, evenly drawn. */
class ManyPrograms extends Base implements RecordSource {
  readonly #functions: number;
  readonly #stacks: number;
  /** Programs and their stacks are made when they are first drawn: a short trace meets few of them. */
  readonly #programs: (DrawnProgram | undefined)[];

  constructor(seed: number, programs: number, functions: number, stacks: number) {
    super(seed);
    this.#functions = functions;
    this.#stacks = stacks;
    this.#programs = Array.from({ length: programs }, () => undefined);
  }

  #newProgram(number: number): DrawnProgram {
    const program = createProgram(this.random, { functions: this.#functions, name: `prog${number}` });
    place(program, loadAddresses(this.random));
    return { program, stacks: Array.from({ length: this.#stacks }, () => undefined) };
  }

  /** A walk from the root; the six frames next to the leaf are anywhere in the program, so that all of it is met. */
  #newStack(program: Program): Uint16Array {
    const functions = this.#functions;
    const depth = MIN_DEPTH + this.random.below(MAX_DEPTH - MIN_DEPTH + 1);
    let fn = functions - 1;
    return Uint16Array.from({ length: depth }, (_, i) => {
      if (i >= depth - ANYWHERE) return this.random.below(functions * SITES * 2);
      const site = this.random.below(SITES);
      const line = lineOf(fn, site);
      fn = program.callees[fn * SITES + site]!;
      return line;
    }).reverse();
  }

  write(into: Buffer, at: number): number {
    const number = this.random.below(this.#programs.length);
    const { program, stacks } = (this.#programs[number] ??= this.#newProgram(number));
    const stack = (stacks[this.random.below(stacks.length)] ??= this.#newStack(program));
    const { text, starts } = program;
    let end = at;
    for (const line of stack) end += text.copy(into, end, starts[line], starts[line + 1]);
    return this.writeCount(into, end, stack.length);
  }
}

/** Every stack has one name that no other has, as a JIT with counters in its names. */
class NewNames extends LowRecords {
  #number = 0;

  override write(into: Buffer, at: number): number {
    const id = this.#number++;
    const line = ` 0x7fcc${(id * 64).toString(16).padStart(8, '0')} : jit_compiled_method_${id}+0x10/0x40 [/tmp/perf-4242.jit]\n`;
    const end = super.write(into, at + into.write(line, at, 'latin1'));
    this.lines++;
    return end;
  }
}

/** Fifty thousand threads, each with a root frame of its own. */
class Threads extends LowRecords {
  override write(into: Buffer, at: number): number {
    const root = `worker/${100_000 + this.random.below(50_000)}\n`;
    const end = super.write(into, at + into.write(root, at, 'latin1'));
    this.lines++;
    return end;
  }
}

/** Records of several hosts, each line with the number of its host before it. */
class Hosts extends LowRecords {
  readonly #hosts: number;
  readonly #record = Buffer.allocUnsafe(LONGEST_RECORD);

  constructor(seed: number, hosts: number) {
    super(seed);
    this.#hosts = hosts;
  }

  override write(into: Buffer, at: number): number {
    const prefix = `${this.random.below(this.#hosts)}: `;
    const length = super.write(this.#record, 0);
    const text = this.#record.toString('latin1', 0, length).replaceAll(/^(?=.)/gm, prefix);
    return at + into.write(text, at, 'latin1');
  }
}

export type RecordKind =
  | 'low'
  | 'distinct'
  | 'framed'
  | 'sliding'
  | 'shallow'
  | 'programs-16'
  | 'programs-64'
  | 'programs-1000'
  | 'new-names'
  | 'threads'
  | 'hosts-4'
  | 'hosts-40'
  | 'perf-low'
  | 'perf-distinct';

const SOURCES: Readonly<Record<RecordKind, (seed: number) => RecordSource>> = {
  low: (seed) => new LowRecords(seed),
  distinct: (seed) => new DistinctRecords(seed),
  framed: (seed) => new FramedRecords(seed),
  sliding: (seed) => new SlidingRecords(seed),
  shallow: (seed) => new ShallowRecords(seed),
  'programs-16': (seed) => new ManyPrograms(seed, 16, 5000, 4000),
  'programs-64': (seed) => new ManyPrograms(seed, 64, 5000, 4000),
  'programs-1000': (seed) => new ManyPrograms(seed, 1000, 500, 200),
  'new-names': (seed) => new NewNames(seed),
  threads: (seed) => new Threads(seed),
  'hosts-4': (seed) => new Hosts(seed, 4),
  'hosts-40': (seed) => new Hosts(seed, 40),
  'perf-low': (seed) => new PerfText(new LowRecords(seed), seed),
  'perf-distinct': (seed) => new PerfText(new DistinctRecords(seed), seed),
};

export function createSource(kind: RecordKind, seed: number): RecordSource {
  return SOURCES[kind](seed);
}

/** Writes the addresses of one process into the program's lines. */
function place(program: Program, bases: Float64Array): void {
  const { text, starts, modules, offsets, unnamed } = program;
  for (let line = 0; line < modules.length; line++) {
    const address = bases[modules[line]!]! + offsets[line]!;
    writeAddress(text, starts[line]! + ADDRESS_AT, address);
    if (unnamed[line] === 1) writeAddress(text, starts[line]! + SECOND_ADDRESS_AT, address);
  }
}
