let isSafe = false;

/**
 * Standard error. Messages may be lost, but samples never: if it cannot be written (a full disk, a pager that was
 * quit), the work continues and the exit code does not change.
 *
 * All code gets the stream here, and only when it has something to write: creating the stream makes Node load its
 * network modules, which takes a sixth as long as Node's own start.
 */
export function standardError(): NodeJS.WriteStream {
  if (!isSafe) process.stderr.on('error', () => {});
  isSafe = true;
  return process.stderr;
}
