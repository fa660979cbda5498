import { writeFile } from 'node:fs/promises';
import { inspect } from '@stapflame/stap-runner';
import { CliError, Exit } from '../exit.ts';
import { forTerminal } from '../terminal.ts';
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
  try {
    await writeFile(file, `${JSON.stringify({ version: 1, sites: sites.flat() }, undefined, 2)}\n`);
  } catch (error) {
    const reason = forTerminal((error as Error).message);
    throw new CliError(Exit.IO, `cannot write ${forTerminal(file)}: ${reason}`, error);
  }
}
