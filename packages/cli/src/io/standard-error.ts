let isSafe = false;

/**
 * Standard error. Messages may be lost, but samples never: if it cannot be written (a full disk, a pager that was
 * quit), the work goes on and the exit code does not change.
 *
 * All code asks for it here, and only in order to write: to create the stream, Node loads its network modules, which
 * takes a sixth as long as its own start.
 */
export function standardError(): NodeJS.WriteStream {
  if (!isSafe) process.stderr.on('error', () => {});
  isSafe = true;
  return process.stderr;
}
