/** Returns the length of each wait in a function, in milliseconds. Threads that were still waiting are left out. */
export function waitsIn(trace: Buffer, name: string): readonly number[] {
  return trace
    .toString()
    .split(/^#< /m)
    .filter((record) => record.includes(` ${name}+`) && !record.includes('[still waiting]'))
    .map((record) => Number(/^\t(\d+)$/m.exec(record)![1]) / 1000);
}
