import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { framedTrace } from '../../testing/many-records.ts';

export const MAIN: string = fileURLToPath(new URL('../../packages/cli/bundle/bin/main.js', import.meta.url));

/** Folds one trace from each of two hosts, into a table (`web1.tsv`) and into the returned folded text. */
export function foldTwoHosts(directory: string): readonly [string, string] {
  const fold = (host: string, records: number): string => {
    const trace = framedTrace(records).replaceAll('web1', host).replaceAll('leaf7', `leaf7${host}`);
    writeFileSync(join(directory, `${host}.bt`), trace);
    for (const ending of ['tsv', 'folded']) {
      const words = [MAIN, 'fold', '-q', `${host}.bt`, '-o', `${host}.${ending}`];
      execFileSync(process.execPath, words, { cwd: directory });
    }
    return `${host}.folded`;
  };
  return [fold('web1', 900), fold('web2', 1150)];
}
