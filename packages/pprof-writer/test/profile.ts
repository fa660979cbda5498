import { FrameList, StackBatch, type Facts, type Frame } from '@stapflame/stacks';
import { Profile } from 'pprof-format';
import { PprofWriter } from '../src/index.ts';

export function write(batches: Iterable<StackBatch>): Buffer {
  const writer = new PprofWriter();
  const pieces: Buffer[] = [];
  for (const batch of batches) for (const piece of writer.write(batch)) pieces.push(Buffer.from(piece));
  for (const piece of writer.finish()) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** A table that notes which frames are looked up. */
export class NotingTable extends FrameList {
  readonly lookedUp = new Set<number>();

  override frame(id: number): Frame {
    this.lookedUp.add(id);
    return super.frame(id);
  }
}

/** Makes a batch from stacks. Each stack is given as its frames, leaf first, and one or two weights. */
export function batchOfFrames(
  stacks: readonly (readonly [readonly Frame[], ...number[]])[],
  facts: Facts = {},
): StackBatch {
  const table = new FrameList();
  const frames = stacks.flatMap(([each]) => each.map((frame) => table.add(frame)));
  let end = 0;
  const ends = stacks.map(([each]) => (end += each.length));
  const columns = (stacks[0]?.length ?? 2) - 1;
  return new StackBatch({
    table,
    frames: Uint32Array.from(frames),
    bounds: Uint32Array.of(0, ...ends),
    weights: Array.from({ length: columns }, (_, column) =>
      Float64Array.from(stacks, (stack) => stack[column + 1] as number),
    ),
    facts,
  });
}

/**
 * A decoded profile, with names in place of table numbers. It is read with pprof-format alone, not with the writer's
 * code.
 */
export interface ReadProfile {
  readonly profile: Profile;
  /**
   * Each stack lists the function names at each location, leaf first. All functions at a location except the last were
   * inlined into the last one.
   */
  readonly samples: readonly { readonly stack: readonly string[][]; readonly values: readonly number[] }[];
  readonly types: readonly string[];
  readonly comments: readonly string[];
  readonly text: (index: number | bigint) => string;
}

export function read(bytes: Uint8Array): ReadProfile {
  const profile = Profile.decode(bytes);
  const text = (index: number | bigint): string => profile.stringTable.strings[Number(index)]!;
  const functions = new Map(profile.function.map((each) => [each.id, each]));
  const locations = new Map(profile.location.map((each) => [each.id, each]));
  return {
    profile,
    samples: profile.sample.map(({ locationId, value }) => ({
      stack: locationId.map((id) =>
        locations.get(id)!.line.map(({ functionId }) => text(functions.get(functionId)!.name)),
      ),
      values: value.map((each) => Number(BigInt.asIntN(64, BigInt(each)))),
    })),
    types: profile.sampleType.map(({ type, unit }) => `${text(type)}/${text(unit)}`),
    comments: profile.comment.map(text),
    text,
  };
}
