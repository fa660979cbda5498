#!/usr/bin/env node
// Nothing is imported before this point: where a process may open few files, that would end in a stack trace of Node.
try {
  const { run } = await import('./run.ts');
  process.exitCode = await run();
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'EMFILE' && code !== 'ENFILE') throw error;
  process.stderr.write(
    `stapflame: cannot start: ${message}; allow this process to open more files (ulimit -n)\n`,
  );
  // Exit.CONFIGURATION
  process.exitCode = 78;
}
