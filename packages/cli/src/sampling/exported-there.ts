import { inspect, readExported, type RunnerOptions } from '@stapflame/stap-runner';

/**
 * Returns the exported functions of a process's files on a host, by path. Files that also name other functions are left
 * out.
 */
export async function exportedAt(
  { host, sudo, sshArguments }: RunnerOptions,
  pid: number,
): Promise<Readonly<Record<string, string>>> {
  const runner = {
    host: host!,
    ...(sudo !== undefined && { sudo }),
    ...(sshArguments !== undefined && { sshArguments }),
  };
  const inspected = await inspect(runner, pid);
  // If the host cannot be inspected, sampling will report why.
  return 'exit' in inspected ? {} : readExported(runner, inspected.site.files);
}
