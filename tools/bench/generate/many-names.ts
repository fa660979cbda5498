import { LowRecords, place, ProgramRecords } from './one-program.ts';
import { createProgram, lineOf, loadAddresses, SITES, type Program } from './program.ts';
import { LONGEST_RECORD, type RecordSource } from './record-source.ts';
import { MAX_DEPTH, MIN_DEPTH } from './stacks.ts';

/** The number of frames at the leaf end that are drawn from all functions of the program. */
const ANYWHERE = 6;

/** A program that has been drawn, and those of its stacks that have been drawn. */
interface DrawnProgram {
  readonly program: Program;
  readonly stacks: (Uint16Array | undefined)[];
}

/** Many programs, on one machine or on several: each record belongs to one of them, drawn with equal probability. */
export class ManyPrograms extends ProgramRecords implements RecordSource {
  readonly #functions: number;
  readonly #stacks: number;
  /** Programs and their stacks are made when they are first drawn: a short trace uses few of them. */
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

  /** Walks along calls from the root. The last six frames may be any functions, so that every function occurs. */
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

/** Stacks that each have a name of their own, as with a JIT that puts counters into names. */
export class NewNames extends LowRecords {
  #number = 0;

  override write(into: Buffer, at: number): number {
    const id = this.#number++;
    const line = ` 0x7fcc${(id * 64).toString(16).padStart(8, '0')} : jit_compiled_method_${id}+0x10/0x40 [/tmp/perf-4242.jit]\n`;
    const end = super.write(into, at + into.write(line, at, 'latin1'));
    this.lines++;
    return end;
  }
}

/** Fifty thousand threads, each with its own root frame. */
export class Threads extends LowRecords {
  override write(into: Buffer, at: number): number {
    const root = `worker/${100_000 + this.random.below(50_000)}\n`;
    const end = super.write(into, at + into.write(root, at, 'latin1'));
    this.lines++;
    return end;
  }
}

/** Records of several hosts; each line is prefixed with its host's number. */
export class Hosts extends LowRecords {
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
