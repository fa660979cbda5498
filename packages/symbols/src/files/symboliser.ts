import { spawn, type ChildProcess } from 'node:child_process';
import type { FoundFunctions } from '../lookup/found.ts';
import { AnswerReader, END } from './answers.ts';
import type { ModuleFile } from './module-file.ts';
import type { Tool } from './tools.ts';

/** Number of addresses written at a time. It limits the data in flight, but is large enough to keep the tool busy. */
const PIECE = 1 << 16;
/**
 * Milliseconds to wait before answers are read. llvm-symbolizer writes answers one at a time, and reading each of them
 * separately would take a third of the lookup time.
 */
const GATHER_MS = 2;
/**
 * Maximum address space of the tool, in KiB. If a damaged file makes the tool allocate too much, the tool fails before
 * the machine runs out of memory.
 */
const MOST_KIB = 16 << 20;
/** Maximum CPU time of the tool, in seconds, in case this process is killed and cannot stop the tool. */
const MOST_CPU = 3600;
const LIMITED = `ulimit -v ${MOST_KIB}; ulimit -t ${MOST_CPU}; ulimit -c 0; exec "$0" "$@"`;

/** A request that has not been answered completely. */
interface Request {
  readonly found: (FoundFunctions | undefined)[];
  readonly done: () => void;
}

/**
 * A long-lived process that names the functions in one file. If the process cannot be started, does not answer in time,
 * ends, or prints anything but answers, it gets no more requests, and the remaining functions stay unnamed.
 */
export class Symboliser {
  readonly #tool: Tool;
  readonly #child: ChildProcess;
  readonly #answers = new AnswerReader(
    (functions) => this.#request?.found.push(functions),
    () => this.#endRequest(),
  );
  readonly #silence: NodeJS.Timeout;
  #request: Request | undefined;
  #gathering: NodeJS.Timeout | undefined;
  #failure: string | undefined;

  /** @param patience milliseconds to wait for an answer before the tool is stopped */
  constructor(tool: Tool, file: ModuleFile, patience: number) {
    this.#tool = tool;
    const child = spawn('sh', ['-c', LIMITED, tool.program, ...tool.argumentsFor(file.path)], {
      stdio: ['pipe', 'pipe', 'ignore', file.unnamed?.descriptor ?? 'ignore'],
      // make the tool print English and, because DEBUGINFOD_URLS is not set, ask no servers
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    });
    this.#child = child;
    this.#silence = setTimeout(() => {
      if (this.#request) this.#fail(`did not answer for ${patience / 1000} s`);
    }, patience);
    this.#silence.unref();
    child.on('error', (error) => this.#fail(`cannot be started: ${error.message}`));
    child.on('close', (code, signal) => this.#fail(`ended with ${signal ?? `exit code ${code}`}`));
    // ignore write errors, because `close` reports that the process has ended
    child.stdin?.on('error', () => undefined);
    child.stdout?.on('readable', () => {
      this.#gathering ??= setTimeout(() => this.#readAnswers(), GATHER_MS);
    });
  }

  /** Why the tool was stopped; `undefined` while it is running. */
  get failure(): string | undefined {
    return this.#failure === undefined ? undefined : `${this.#tool.kind} ${this.#failure}`;
  }

  /**
   * Returns the functions at these addresses, which must be positive and in ascending order. If the tool was stopped,
   * the last answers are missing. Do not call this again before the promise has resolved. The promise never rejects.
   */
  async ask(addresses: readonly number[]): Promise<readonly (FoundFunctions | undefined)[]> {
    const found: (FoundFunctions | undefined)[] = [];
    for (let at = 0; at < addresses.length && this.#failure === undefined; at += PIECE)
      await this.#askPiece(addresses.slice(at, at + PIECE), found);
    return found;
  }

  close(): void {
    this.#fail('was closed');
  }

  #askPiece(addresses: readonly number[], found: (FoundFunctions | undefined)[]): Promise<void> {
    return new Promise((done) => {
      this.#request = { found, done };
      this.#silence.refresh();
      const all = [...addresses, END];
      this.#answers.expect(all);
      this.#child.stdin?.write(all.map((address) => `0x${address.toString(16)}\n`).join(''));
    });
  }

  #readAnswers(): void {
    this.#gathering = undefined;
    this.#silence.refresh();
    const { stdout } = this.#child;
    for (let bytes: Buffer | null; this.#failure === undefined && (bytes = stdout!.read() as Buffer | null);)
      if (!this.#answers.read(bytes)) this.#fail('printed an invalid answer');
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
    clearTimeout(this.#gathering);
    this.#child.kill('SIGKILL');
    this.#child.stdin?.destroy();
    this.#child.stdout?.destroy();
    this.#endRequest();
  }
}
