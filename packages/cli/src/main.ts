#!/usr/bin/env node
// Do not add static imports. If the limit on open files is very low, Node would crash while loading them.
keepCompiledCode();
try {
  if (!(await printVersion(process.argv.slice(2)))) {
    const { run } = await import('./run.ts');
    process.exitCode = await run();
  }
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'EMFILE' && code !== 'ENFILE') throw error;
  process.stderr.write(`stapflame: cannot start: ${message}; raise the limit on open files (ulimit -n)\n`);
  // Exit.CONFIGURATION
  process.exitCode = 78;
}

/**
 * Keeps V8's compiled code in the package's own directory (with Node 22.8 or later), which saves a tenth of the time
 * for a small picture. This is safe because anybody who can write to this directory could also change the source code.
 * The compiled code is only used if this process runs as the directory's owner, so that `sudo` does not leave root's
 * files in a user's directory.
 */
function keepCompiledCode(): void {
  const { enableCompileCache } = process.getBuiltinModule('node:module') as {
    readonly enableCompileCache?: (directory: string) => void;
  };
  // This file becomes bundle/bin/main.js.
  const directory = `${import.meta.dirname}/../..`;
  const { uid } = process.getBuiltinModule('node:fs').statSync(directory);
  if (uid === process.getuid?.()) enableCompileCache?.(`${directory}/compiled`);
}

/**
 * Prints the version without loading any commands, because scripts often ask for it. Returns false if anything else was
 * requested, or if the version cannot be written. In that case, `run` tries again and reports why.
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
