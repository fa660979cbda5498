import { readdirSync, readFileSync } from 'node:fs';
import { TraceParser, type ParserOptions } from '@stapflame/stap-parser';
import { describe, expect, it } from 'vitest';

const FIXTURES = new URL('fixtures/', import.meta.url);
const captures = readdirSync(FIXTURES).map((name) =>
  readFileSync(new URL(`${name}/trace.txt`, FIXTURES), 'utf8'),
);
const LINES_IN_TURN = 7;

function stacksOf(text: string, options: ParserOptions): string[] {
  const parser = new TraceParser(options);
  parser.push(new TextEncoder().encode(text));
  parser.endInput();
  return parser.take().flatMap((batch) =>
    Array.from(batch, ({ frames, count }) => {
      const labels = frames.map(({ label }) => label).reverse();
      return `${labels.join(';')} ${count}`;
    }),
  );
}

/** Gives each capture a host number, and takes a few lines of each in turn. */
function asFromHosts(texts: readonly string[]): string {
  const lines = texts.map((text, host) => (text.match(/.*\n|.+$/g) ?? []).map((line) => `${host}: ${line}`));
  const turns = Math.max(...lines.map((each) => each.length)) / LINES_IN_TURN;
  return Array.from({ length: Math.ceil(turns) }, (_, turn) =>
    lines.flatMap((each) => each.slice(turn * LINES_IN_TURN, (turn + 1) * LINES_IN_TURN)),
  )
    .flat()
    .map((line) => (line.endsWith('\n') ? line : `${line}\n`))
    .join('');
}

describe.each(['wasm', 'reference'] as const)(
  'all captures as one trace from as many hosts (%s)',
  (scanner) => {
    it.each([16, 1 << 20])(
      'have the same stacks as each capture alone, with a table of %i frames',
      (maxTableFrames) => {
        const options = { scanner, maxTableFrames, frames: 'labels', hostFrames: true } as const;
        const together = stacksOf(asFromHosts(captures), options);
        expect(together.length).toBeGreaterThan(1000);
        for (const [host, text] of captures.entries()) {
          const root = `host ${host};`;
          const own = together
            .filter((stack) => stack.startsWith(root))
            .map((stack) => stack.slice(root.length));
          expect(own).toEqual(stacksOf(text, options));
        }
      },
    );
  },
);
