let isSafe = false;

/**
 * Returns standard error. If writing to it fails (the disk is full, or a pager has quit), messages are lost, but the
 * command continues and its exit code does not change.
 *
 * All code gets the stream from this function, and only when it has something to write. Creating the stream makes Node
 * load its network modules, which takes a sixth of the time that Node takes to start.
 */
export function standardError(): NodeJS.WriteStream {
  if (!isSafe) process.stderr.on('error', () => {});
  isSafe = true;
  return process.stderr;
}
