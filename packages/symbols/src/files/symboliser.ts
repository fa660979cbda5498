import { spawn, type ChildProcess } from 'node:child_process';
import type { FoundFunctions } from '../lookup/found.ts';
import { AnswerReader, END } from './answers.ts';
import type { Tool } from './tools.ts';

/** Longer lines are nonsense. */
const LONGEST_LINE = 1 << 16;
/** Addresses that are written at once: what is on its way is bounded, and the pipe never runs empty. */
const PIECE = 4096;
/** Address space of the tool, in KiB: a file that claims to hold more than it does ends the tool, not the machine. */
const MOST_KIB = 16 << 20;
/** Seconds of CPU, for the case that we end without a chance to end it. */
const MOST_CPU = 3600;
const LIMITED = `ulimit -v ${MOST_KIB}; ulimit -t ${MOST_CPU}; ulimit -c 0; exec "$0" "$@"`;

/** A request that is on its way. */
interface Request {
  readonly found: Map<number, FoundFunctions>;
  readonly done: () => void;
}

/**
 * One long-lived process that names the functions of one file. Where it cannot be started, is silent for too long,
 * ends, or prints something else than answers, what it did not name stays without a name, and it is not asked again.
 */
export class Symboliser {
  readonly #tool: Tool;
  readonly #child: ChildProcess;
  readonly #answers = new AnswerReader((address, functions) => this.#receive(address, functions));
  readonly #silence: NodeJS.Timeout;
  #request: Request | undefined;
  /** A line that has not ended. */
  #rest = '';
  #failure: string | undefined;

  /** @param patience milliseconds without any answer after which the tool is given up */
  constructor(tool: Tool, file: string, patience: number) {
    this.#tool = tool;
    const child = spawn('sh', ['-c', LIMITED, tool.program, ...tool.argumentsFor(file)], {
      stdio: ['pipe', 'pipe', 'ignore'],
      // answers in English, and nothing is asked of servers
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    });
    this.#child = child;
    this.#silence = setTimeout(() => {
      if (this.#request) this.#fail(`gave no answer for ${patience / 1000} s`);
    }, patience);
    this.#silence.unref();
    child.on('error', (error) => this.#fail(`cannot be started: ${error.message}`));
    child.on('close', (code, signal) => this.#fail(`ended with ${signal ?? code}`));
    // that it is gone says `close`
    child.stdin?.on('error', () => undefined);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#receiveText(text));
  }

  /** Why it was given up; `undefined` while it works. */
  get failure(): string | undefined {
    return this.#failure === undefined ? undefined : `${this.#tool.kind} ${this.#failure}`;
  }

  /** The functions at these addresses, which are positive and in ascending order; one call at a time. Never rejects. */
  async ask(addresses: readonly number[]): Promise<ReadonlyMap<number, FoundFunctions>> {
    const found = new Map<number, FoundFunctions>();
    for (let at = 0; at < addresses.length && this.#failure === undefined; at += PIECE)
      await this.#askPiece(addresses.slice(at, at + PIECE), found);
    return found;
  }

  close(): void {
    this.#fail('was closed');
  }

  #askPiece(addresses: readonly number[], found: Map<number, FoundFunctions>): Promise<void> {
    return new Promise((done) => {
      this.#request = { found, done };
      this.#silence.refresh();
      const all = [...addresses, END];
      this.#answers.expect(all);
      this.#child.stdin?.write(all.map((address) => `0x${address.toString(16)}\n`).join(''));
    });
  }

  /** Splits text into lines by itself: a stream of lines took half of the time of a lookup. */
  #receiveText(text: string): void {
    this.#silence.refresh();
    const lines = text.split('\n');
    lines[0] = this.#rest + lines[0]!;
    this.#rest = lines.pop()!;
    for (const line of lines) {
      if (this.#failure !== undefined) return;
      if (!this.#answers.read(line)) this.#fail('printed what is no answer');
    }
    if (this.#rest.length > LONGEST_LINE) this.#fail('printed an endless line');
  }

  #receive(address: number, functions: FoundFunctions | undefined): void {
    if (address === END) this.#endRequest();
    else if (functions) this.#request?.found.set(address, functions);
  }

  #endRequest(): void {
    const request = this.#request;
    this.#request = undefined;
    request?.done();
  }

  #fail(reason: string): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    clearTimeout(this.#silence);
    this.#child.kill('SIGKILL');
    this.#endRequest();
  }
}
