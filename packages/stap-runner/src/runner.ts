import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Duplex, type Readable } from 'node:stream';
import { execa } from 'execa';
import { canSpawn } from './can-spawn.ts';
import { compileCommand, staprunCommand, stapCommand, type Command } from './commands.ts';
import { RunnerError } from './errors.ts';
import { commandEndingOf, reasonOf, spawnErrorOf, type Ending, type RunnerExit } from './exit.ts';
import { Messages } from './messages.ts';
import { resolveOptions, type ResolvedRunnerOptions, type RunnerOptions } from './options.ts';
import { temporaryDirectory } from './temporary.ts';

/** Limit on a script's size. Generated scripts are a few kilobytes long. */
const MAX_SCRIPT_BYTES = 1 << 20;
/** The time that stap has after SIGINT to unload its module before stap is killed. */
const KILL_AFTER_MS = 10_000;

type Last = Pick<Ending, 'exitCode' | 'signal' | 'spawnError'>;
const NOT_STARTED: Last = { exitCode: undefined, signal: undefined, spawnError: undefined };

/** A stage that runs stap. */
export interface StapRunner {
  /**
   * Reads the script and emits the trace's bytes. All data that stap printed is emitted before the stream ends, even if
   * the run fails.
   */
  readonly stream: Duplex;
  /** The programs' standard error. Reading it is optional. */
  readonly stderr: Readable;
  /** How the run ended. This promise never rejects. */
  readonly exit: Promise<RunnerExit>;
  /** Asks stap to exit, on this machine or on the host. stap still prints its trailer. */
  stop(): void;
  /** Asks the program to end immediately, without waiting for output. stap still unloads its module. */
  abandon(): void;
}

/** Creates a stage that runs stap on this machine or over ssh. Throws `INVALID_OPTIONS`. */
export function createRunner(options: RunnerOptions = {}): StapRunner {
  const run = new Run(resolveOptions(options));
  const stream = Duplex.from((script: AsyncIterable<Uint8Array | string>) => run.trace(script));
  const destroy = stream._destroy.bind(stream);
  // a destroyed stream closes only when the generator has another chunk, but stap may print nothing until stap ends
  stream._destroy = (error, done): void => {
    void run.leave();
    destroy(error, done);
  };
  return {
    stream,
    stderr: run.messages.stream,
    exit: run.exit,
    stop: () => run.stop(),
    abandon: () => run.abandon(),
  };
}

class Run {
  readonly messages = new Messages();
  readonly exit: Promise<RunnerExit>;
  readonly #options: ResolvedRunnerOptions;
  /** Asks the running program to end. */
  #end: (() => void) | undefined;
  #kill: (() => void) | undefined;
  #ended: Promise<void> | undefined;
  #stopped = false;
  #resolve!: (exit: RunnerExit) => void;
  readonly #left: Promise<undefined>;
  #leave!: (_: undefined) => void;
  /** How the last program ended. */
  #last: Last = NOT_STARTED;

  constructor(options: ResolvedRunnerOptions) {
    this.#options = options;
    this.exit = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#left = new Promise((resolve) => {
      this.#leave = resolve;
    });
  }

  async *trace(script: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
    try {
      // if the stream is destroyed before the script is complete, reading the script never ends
      const text = await Promise.race([collect(script), this.#left]);
      if (text === undefined) return;
      if (this.#options.compileFor === undefined)
        yield* this.#output(stapCommand(this.#options, text.length), text);
      else yield* this.#compiled(text);
    } finally {
      this.close();
    }
  }

  /** Compiles the script on this machine and runs the module on the host. */
  async *#compiled(script: Buffer): AsyncGenerator<Uint8Array> {
    const directory = temporaryDirectory();
    // module names must be unique, because several runs may use the same host at the same time
    const module = `stapflame_${process.pid}_${Date.now().toString(36)}`;
    try {
      const compile = this.#output(compileCommand(this.#options, module), script, directory);
      // this discards stap's output, which is the module's path and not part of the trace
      for await (const _ of compile);
      if (this.#last.exitCode !== 0) return;
      this.#last = NOT_STARTED;
      // some arguments, such as `-p2`, make stap end successfully without creating a module
      const file = await readFile(join(directory, `${module}.ko`)).catch(() => undefined);
      if (file === undefined) return;
      yield* this.#output(staprunCommand(this.#options, module, file.length), file);
    } finally {
      // if the directory cannot be removed, a later run will remove it
      await rm(directory, { recursive: true, force: true }).catch(() => undefined);
    }
  }

  async *#output({ file, args, held }: Command, input: Buffer, cwd?: string): AsyncGenerator<Uint8Array> {
    if (this.#stopped) return;
    if (!canSpawn()) {
      this.#last = { ...NOT_STARTED, spawnError: 'EMFILE' };
      return;
    }
    const process = execa(file, args, {
      ...(cwd !== undefined && { cwd }),
      stdin: 'pipe',
      buffer: false,
      reject: false,
      encoding: 'buffer',
      // detached, so that Ctrl-C reaches only this process, which then asks the program to end
      detached: held,
      cleanup: true,
      forceKillAfterDelay: KILL_AFTER_MS,
    });
    const { stdin } = process;
    // writing fails if the program ends before it has read its input; the program's exit status gives the reason
    stdin.on('error', () => stdin.destroy());
    stdin.write(input);
    if (!held) stdin.end();
    const life = held ? setInterval(() => stdin.write('.'), this.#options.keepAlive * 1000) : undefined;
    this.#end = () => {
      if (!held) return void process.kill('SIGINT');
      stdin.end();
      setTimeout(() => process.kill('SIGTERM'), KILL_AFTER_MS).unref();
    };
    this.#kill = () => void process.kill('SIGTERM');
    const end = async (): Promise<void> => {
      const { exitCode, signal, code } = await process;
      clearInterval(life);
      this.#last = { exitCode, signal, spawnError: spawnErrorOf({ exitCode, signal, code }) };
      this.#end = undefined;
      this.#kill = undefined;
    };
    this.#ended = end();
    process.stderr.on('data', (chunk: Buffer) => this.messages.add(chunk));
    let drained = false;
    try {
      for await (const chunk of process.stdout) yield chunk as Uint8Array;
      drained = true;
    } finally {
      if (!drained) this.stop();
      await this.#ended;
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#end?.();
  }

  abandon(): void {
    this.#stopped = true;
    this.#kill?.();
  }

  /**
   * Ends the run after the reader has closed the stream. This may happen before the script has arrived or a program has
   * been started.
   */
  async leave(): Promise<void> {
    this.stop();
    this.#leave(undefined);
    await this.#ended;
    this.close();
  }

  close(): void {
    this.messages.end();
    const { tail, dropped } = this.messages;
    const ending = { ...this.#last, messages: tail.toString('utf8') };
    const reason = reasonOf({ ...ending, stopped: this.#stopped, far: this.#options.host !== undefined });
    const { exitCode, signal, messages } = ending;
    const commandEnding = commandEndingOf(messages);
    this.#resolve({
      reason,
      exitCode,
      signal,
      commandEnding,
      messages,
      messageBytes: tail,
      droppedMessageBytes: dropped,
    });
  }
}

async function collect(script: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of script) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > MAX_SCRIPT_BYTES)
      throw new RunnerError(
        'SCRIPT_TOO_LONG',
        `expected a script of at most ${MAX_SCRIPT_BYTES} bytes, got at least ${length}; is it a trace?`,
      );
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
