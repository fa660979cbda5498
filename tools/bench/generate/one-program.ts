import {
  ADDRESS_AT,
  createProgram,
  loadAddresses,
  SECOND_ADDRESS_AT,
  writeAddress,
  type Program,
} from './program.ts';
import { Random } from './random.ts';
import { LONGEST_RECORD, type RecordSource } from './record-source.ts';
import { MAX_DEPTH, MOST_STACKS, writeStack } from './stacks.ts';

/** The number of distinct stacks in every one-program kind except `distinct`. */
const POOL = 20_000;

/** In a trace of many processes: how many run at the same time, and how many records each has. */
const LIVE_PROCESSES = 64;
const RECORDS_OF_A_PROCESS = 256;

/** 64 CPUs at 99 Hz. */
const SAMPLES_A_SECOND = 6336;
const FIRST_NANOSECOND = 1_795_416_969_000_000_000n;

/** Draws counts like those of aggregated traces: half are 1, few are large. */
function nextCount(random: Random): number {
  return Math.floor(1 / (random.bits() / 2 ** 32 + 0.001));
}

/** Records of one program. */
export class ProgramRecords {
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

/** No two stacks have the same names. */
export class DistinctRecords extends ProgramRecords implements RecordSource {
  #number = 0;

  write(into: Buffer, at: number): number {
    if (this.#number === MOST_STACKS) throw new RangeError(`there are only ${MOST_STACKS} distinct stacks`);
    const depth = writeStack(this.program, this.random, this.#number++, this.stack);
    let end = at;
    for (let frame = 0; frame < depth; frame++) end = this.writeLine(into, end, this.stack[frame]!);
    return this.writeCount(into, end, depth);
  }
}

/** One frame per record: the maximum number of records for a given size. */
export class ShallowRecords extends ProgramRecords implements RecordSource {
  write(into: Buffer, at: number): number {
    const line = this.random.below(this.program.modules.length);
    return this.writeCount(into, this.writeLine(into, at, line), 1);
  }
}

/** Stacks drawn from a pool with equal probability, so that no cache profits from a few frequent ones. */
abstract class PooledRecords extends ProgramRecords {
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

/** Keeps the text of each stack that has been drawn, so that writing its record again takes only one copy. */
export class LowRecords extends PooledRecords implements RecordSource {
  readonly #texts: (Buffer | undefined)[] = this.stacks.map(() => undefined);
  readonly #block = Buffer.allocUnsafe(LONGEST_RECORD);

  write(into: Buffer, at: number): number {
    const number = this.nextStack();
    const end = this.writeStackText(into, at, number);
    return this.writeCount(into, end, this.stacks[number]!.length);
  }

  protected writeStackText(into: Buffer, at: number, number: number): number {
    const text = (this.#texts[number] ??= this.#textOf(this.stacks[number]!));
    return at + text.copy(into, at);
  }

  #textOf(stack: Uint16Array): Buffer {
    let end = 0;
    for (const line of stack) end = this.writeLine(this.#block, end, line);
    return Buffer.from(this.#block.subarray(0, end));
  }
}

/** The framed streaming dialect: one sample per record, heartbeats, header and trailer. */
export class FramedRecords extends LowRecords {
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

/** The same stacks in many processes, each with its own load addresses: lines hardly ever repeat. */
export class SlidingRecords extends PooledRecords implements RecordSource {
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

/** Writes one process's addresses into the program's lines. */
export function place(program: Program, bases: Float64Array): void {
  const { text, starts, modules, offsets, unnamed } = program;
  for (let line = 0; line < modules.length; line++) {
    const address = bases[modules[line]!]! + offsets[line]!;
    writeAddress(text, starts[line]! + ADDRESS_AT, address);
    if (unnamed[line] === 1) writeAddress(text, starts[line]! + SECOND_ADDRESS_AT, address);
  }
}
