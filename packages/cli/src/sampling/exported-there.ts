import { inspect, readExported, type RunnerOptions } from '@stapflame/stap-runner';

/** For a process on a host: the exported functions of each file that names no others, by path. */
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
  // sampling will report why the host could not be asked
  return 'exit' in inspected ? {} : readExported(runner, inspected.site.files);
}
