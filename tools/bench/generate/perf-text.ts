import { ADDRESS_AT } from './program.ts';
import { Random } from './random.ts';
import { LONGEST_RECORD, type RecordSource } from './record-source.ts';

const CPUS = 64;
const FIRST_MICROSECOND = 15_839_000_000;
/** Microseconds from one sample to the next. */
const MICROSECONDS = 158;

/** Position of an address's last digit. */
const LAST_DIGIT = ADDRESS_AT + 11;

const FRAME =
  /^ 0x([0-9a-f]+) : (?:0x[0-9a-f]+ \[(.+)\+0x[0-9a-f]+\/0x[0-9a-f]+\]|(.+)\/0x[0-9a-f]+ \[(.+)\])$/;

/**
 * Another source's stacks in the format of `perf script`. The count becomes the sample's period:
 *
 *     orders/worker-3 4243 [017] 15839.000158:        12 cycles:u:
 *     TAB     7f637f9362ec __read+0x4c (/usr/lib/x86_64-linux-gnu/libc.so.6)
 *     TAB     7f637f935000 [unknown] (/opt/demo/lib/libvendor-codec.so.2)
 */
export class PerfText implements RecordSource {
  readonly head: string = '';
  lines = 0;
  weight = 0;
  readonly #source: RecordSource;
  readonly #random: Random;
  readonly #record = Buffer.allocUnsafe(LONGEST_RECORD);
  /** Frames in perf's format, by the lines that they are made from. */
  readonly #frames = new Map<string, string>();
  #samples = 0;

  constructor(source: RecordSource, seed: number) {
    this.#source = source;
    this.#random = new Random(seed);
  }

  write(into: Buffer, at: number): number {
    const length = this.#source.write(this.#record, 0);
    const frames = this.#record.toString('latin1', 0, length).split('\n').slice(0, -2);
    this.weight = this.#source.weight;
    this.lines = frames.length + 2;
    const text = `${this.#eventLine(frames[0]!)}${frames.map((line) => this.#frameOf(line)).join('')}\n`;
    return at + into.write(text, at, 'latin1');
  }

  /** Chooses one of sixteen threads by the leaf, so that the threads do not multiply the distinct stacks. */
  #eventLine(leaf: string): string {
    const thread = Number.parseInt(leaf[LAST_DIGIT]!, 16);
    const cpu = String(this.#random.below(CPUS)).padStart(3, '0');
    const now = ((FIRST_MICROSECOND + this.#samples++ * MICROSECONDS) / 1e6).toFixed(6);
    const period = String(this.weight).padStart(10);
    return `orders/worker-${thread} ${4242 + thread} [${cpu}] ${now}: ${period} cycles:u: \n`;
  }

  #frameOf(line: string): string {
    let frame = this.#frames.get(line);
    if (frame === undefined) {
      const [, address = '', unnamed, name = '[unknown]', module = unnamed] = FRAME.exec(line)!;
      frame = `\t${address.padStart(16)} ${name} (${module})\n`;
      this.#frames.set(line, frame);
    }
    return frame;
  }

  tail(): string {
    return '';
  }
}
