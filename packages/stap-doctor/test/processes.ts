import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const SOURCE = '#include <unistd.h>\nint main(void) { return pause(); }\n';
/** The same without a library, and so without the unwind data of one. */
const FREESTANDING = 'void _start(void) { for (;;) __asm__ volatile(""); }\n';

/** A folder for programs of a test, and what is to be undone after it. */
export class Workshop {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'stapflame-doctor-'));
  readonly #undo: (() => void)[] = [() => rmSync(this.directory, { recursive: true })];

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Compiles a program that sleeps until it is killed. */
  compile(name: string, ...flags: readonly string[]): string {
    const input = flags.includes('-nostdlib') ? FREESTANDING : SOURCE;
    execFileSync('gcc', [...flags, '-x', 'c', '-', '-o', this.path(name)], { input });
    return this.path(name);
  }

  /** Starts a program and waits until it runs as itself; gives its process number. */
  async run(program: string, ...words: readonly string[]): Promise<number> {
    const child = spawn(program, words, { stdio: 'ignore' });
    this.#undo.push(() => child.kill('SIGKILL'));
    const runs = words.at(-1) ?? program;
    for (let tries = 0; tries < 200; tries++) {
      if (exeOf(child.pid!) === runs) return child.pid!;
      await wait(10);
    }
    throw new Error(`${runs} does not run`);
  }

  /** A program of a few lines of shell. */
  script(name: string, text: string): string {
    writeFileSync(this.path(name), `#!/bin/sh\n${text}`, { mode: 0o755 });
    return this.path(name);
  }

  close(): void {
    for (const undo of this.#undo.toReversed()) undo();
  }
}

function exeOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return '';
  }
}
