#!/usr/bin/env node
// Import nothing statically here: if the process may open only few files, Node would end with a stack trace.
try {
  if (!(await printVersion(process.argv.slice(2)))) {
    const { run } = await import('./run.ts');
    process.exitCode = await run();
  }
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'EMFILE' && code !== 'ENFILE') throw error;
  process.stderr.write(
    `stapflame: cannot start: ${message}; allow this process to open more files (ulimit -n)\n`,
  );
  // Exit.CONFIGURATION
  process.exitCode = 78;
}

/**
 * Prints the version if nothing else was asked for, without loading any command: scripts ask for it often.
 * Returns false if there is more to do, and if the output cannot be written: `run` does it again, and says why.
 */
async function printVersion(words: readonly string[]): Promise<boolean> {
  if (words.length !== 1 || !['--version', '-v', '-V', 'version'].includes(words[0]!)) return false;
  const { version } = await import('./version.ts');
  const { writeSync } = await import('node:fs');
  try {
    writeSync(1, `${version}\n`);
    return true;
  } catch {
    return false;
  }
}
