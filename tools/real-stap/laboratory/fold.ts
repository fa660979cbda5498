import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createFolder } from '@stapflame/folder';
import { createFoldedWriter } from '@stapflame/stacks/stream';
import { createParser, type ParserSummary } from '@stapflame/stap-parser';
import { createFlameGraphRenderer } from '@stapflame/svg-renderer';

/** The stacks and the picture of a trace. */
export interface Folded {
  readonly stacks: readonly { readonly frames: readonly string[]; readonly weight: number }[];
  readonly total: number;
  readonly summary: ParserSummary;
  readonly svg: string;
}

export async function fold(trace: Buffer): Promise<Folded> {
  const parser = createParser();
  const folder = createFolder();
  const writer = createFoldedWriter();
  const [folded] = await Promise.all([
    text(writer),
    pipeline(Readable.from([trace]), parser, folder, writer),
  ]);
  const stacks = folded
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const space = line.lastIndexOf(' ');
      return { frames: line.slice(0, space).split(';'), weight: Number(line.slice(space + 1)) };
    });
  const total = stacks.reduce((sum, { weight }) => sum + weight, 0);
  const svg = total === 0 ? '' : await text(Readable.from([folded]).compose(createFlameGraphRenderer()));
  return { stacks, total, summary: parser.summary, svg };
}

/** Returns the weight of the stacks that contain this frame. */
export function weightOf({ stacks }: Folded, frame: string): number {
  return stacks.reduce((sum, { frames, weight }) => sum + (frames.includes(frame) ? weight : 0), 0);
}
