import { inspect } from '@stapflame/stap-runner';
import { withOutput } from '../io/with-output.ts';
import type { Closed, Place } from './place.ts';

/**
 * Writes, for each place, its kernel release, and the maps and build-ids of the process: what a trace's
 * addresses can be resolved with later, elsewhere.
 */
export async function saveSites(
  file: string,
  places: readonly (Place | Closed)[],
  pid: number | undefined,
): Promise<void> {
  const open = places.filter((place): place is Place => !('exit' in place));
  const sites = await Promise.all(
    open.map(async ({ host, runner }) => {
      const found = await inspect(runner, pid);
      return 'site' in found ? [{ ...(host !== undefined && { host }), pid, ...found.site }] : [];
    }),
  );
  const text = `${JSON.stringify({ version: 1, sites: sites.flat() }, undefined, 2)}\n`;
  await withOutput(file, (output) => output.write(Buffer.from(text)), OWNER_ONLY);
}

/** Where a process has its code in memory is for nobody else to know. */
const OWNER_ONLY = 0o600;
