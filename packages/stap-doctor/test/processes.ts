import { execFileSync } from 'node:child_process';
import { readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from '../../../testing/cleanup.ts';
import { startProcess } from '../../../testing/processes.ts';
import { until } from '../../../testing/until.ts';

const SOURCE = '#include <unistd.h>\nint main(void) { return pause(); }\n';
/** A program that needs no library, and therefore gets no unwind data from one. */
const FREESTANDING = 'void _start(void) { for (;;) __asm__ volatile(""); }\n';

/** Creates programs in a temporary directory. */
export class Workshop {
  readonly directory: string = temporaryDirectory();

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Compiles a program that runs until it is killed, and returns its path. */
  compile(name: string, ...flags: readonly string[]): string {
    const input = flags.includes('-nostdlib') ? FREESTANDING : SOURCE;
    execFileSync('gcc', [...flags, '-x', 'c', '-', '-o', this.path(name)], { input });
    return this.path(name);
  }

  /** Starts a program, waits until it is running, and returns its process id. */
  async run(program: string, ...words: readonly string[]): Promise<number> {
    const child = startProcess(program, words, { stdio: 'ignore' });
    const runs = words.at(-1) ?? program;
    await until(`${runs} runs`, () => readlinkSync(`/proc/${child.pid}/exe`) === runs);
    return child.pid!;
  }

  /** Writes a shell script, and returns its path. */
  script(name: string, text: string): string {
    writeFileSync(this.path(name), `#!/bin/sh\n${text}`, { mode: 0o755 });
    return this.path(name);
  }
}
