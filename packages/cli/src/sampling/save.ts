import { inspect, type RunnerExit } from '@stapflame/stap-runner';
import { withOutput } from '../io/with-output.ts';
import type { Closed, Place } from './place.ts';

/**
 * Writes, for each place, its kernel release, and the maps and build-ids of the process: what a trace's
 * addresses can be resolved with later, elsewhere. Gives notes on what is not in it.
 */
export async function saveSites(
  file: string,
  places: readonly (Place | Closed)[],
  pid: number | undefined,
): Promise<readonly string[]> {
  const looked = await Promise.all(
    places.map(async (place) => {
      const { host } = place;
      const found = 'exit' in place ? place : await inspect(place.runner, pid);
      if ('exit' in found) return { note: leftOut(host, found.exit) };
      return { site: { ...(host !== undefined && { host }), pid, ...found.site } };
    }),
  );
  const sites = looked.flatMap(({ site }) => site ?? []);
  const text = `${JSON.stringify({ version: 1, sites }, undefined, 2)}\n`;
  await withOutput(file, (output) => output.write(Buffer.from(text)), OWNER_ONLY);
  return looked.flatMap(({ note }) => note ?? []);
}

function leftOut(host: string | undefined, { messages }: RunnerExit): string {
  const reason = messages.trim().split('\n').at(-1) || 'it gave no answer';
  return `--save holds nothing of ${host ?? 'this machine'}, which could not be looked at: ${reason}`;
}

/** Where a process has its code in memory is for nobody else to know. */
const OWNER_ONLY = 0o600;
