#!/usr/bin/env node
// Import nothing statically here: if the process may open only a few files, Node would crash with a stack trace.
keepCompiledCode();
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
 * From Node 22.8 on, V8's compiled code is kept in the package's own directory, which saves a tenth of the time for a
 * small picture. Anybody who can write there could also change the code itself. Only the package's owner writes it:
 * with `sudo`, root would leave files in a user's directory.
 */
function keepCompiledCode(): void {
  const { enableCompileCache } = process.getBuiltinModule('node:module') as {
    readonly enableCompileCache?: (directory: string) => void;
  };
  // this file is bundle/bin/main.js
  const directory = `${import.meta.dirname}/../..`;
  const { uid } = process.getBuiltinModule('node:fs').statSync(directory);
  if (uid === process.getuid?.()) enableCompileCache?.(`${directory}/compiled`);
}

/**
 * Prints the version if nothing else was requested, without loading any command: scripts often ask for it.
 * Returns false if there is more to do, or if the output cannot be written: `run` then tries again and says why.
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
