interface Labelled {
  readonly label: string;
}

/** Stacks with their weights, and the facts about all of them. */
interface Batch<Frame, Facts> extends Iterable<{
  readonly frames: readonly Frame[];
  readonly count: number;
}> {
  readonly facts: Facts;
  release(): void;
}

/** The core of a parser. */
interface Parser<Frame, Facts, Summary> {
  space(): Uint8Array;
  advance(length: number): void;
  take(): Iterable<Batch<Frame, Facts>>;
  endInput(): void;
  summary(): Summary;
}

/** The result of parsing a text. `stacks` are labels, root first, in input order; `frames` are leaf first. */
export interface Read<Frame, Facts, Summary> {
  readonly stacks: readonly string[];
  readonly frames: readonly (readonly Frame[])[];
  readonly facts: Facts;
  readonly summary: Summary;
}

/** One text, or several texts that are read one after another. */
export type Texts = string | Uint8Array | readonly string[];

/** Passes texts to a parser in pieces of `size` bytes. */
export function readWith<Frame extends Labelled, Facts, Summary>(
  parser: Parser<Frame, Facts, Summary>,
  texts: Texts,
  size: number,
): Read<Frame, Facts, Summary> {
  const stacks: string[] = [];
  const frames: (readonly Frame[])[] = [];
  let facts: Facts | undefined;
  const collect = (): void => {
    for (const batch of parser.take()) {
      for (const sample of batch) {
        const labels = sample.frames.map(({ label }) => label);
        stacks.push(`${labels.toReversed().join(';')} ${sample.count}`);
        frames.push(sample.frames);
      }
      ({ facts } = batch);
      batch.release();
    }
  };
  for (const text of typeof texts === 'string' || texts instanceof Uint8Array ? [texts] : texts) {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    for (let at = 0; at < bytes.length;) {
      const space = parser.space();
      const piece = bytes.subarray(at, at + Math.min(size, space.length));
      space.set(piece);
      parser.advance(piece.length);
      at += piece.length;
      collect();
    }
    parser.endInput();
    collect();
  }
  return { stacks, frames, facts: facts!, summary: parser.summary() };
}

/** Adds up the weights of equal stacks, and sorts the stacks by their text. */
export function folded({ stacks }: { readonly stacks: readonly string[] }): string {
  const sums = new Map<string, number>();
  for (const stack of stacks) {
    const at = stack.lastIndexOf(' ');
    sums.set(stack.slice(0, at), (sums.get(stack.slice(0, at)) ?? 0) + Number(stack.slice(at + 1)));
  }
  return Array.from(sums, ([stack, sum]) => `${stack} ${sum}\n`)
    .toSorted()
    .join('');
}
