import { hasChangingHeads, type TraceRead } from '@stapflame/stap-parser';
import { combineParts, isSameInParts } from '@stapflame/stap-parser/parts';
import { forTerminal } from '../terminal.ts';
import type { FilesRead, PartRead } from './part-work.ts';
import type { CutTraceFile } from './cut-traces.ts';
import { whatChanged, type Shares } from './shares.ts';
import type { SharesRead } from './threads.ts';

/** The combined results of all threads. */
export interface ReadInShares {
  /** One result for each trace, in the order of the files. */
  readonly traces: readonly TraceRead[];
  /** Why files ended early. */
  readonly brokenOff: readonly string[];
}

/** Combines the threads' results. Returns `undefined` if reading in one thread might give a different result. */
export function tracesOf(
  { shares, cutFiles }: Shares<CutTraceFile>,
  { shares: results, signal }: Pick<SharesRead<PartRead | FilesRead>, 'shares' | 'signal'>,
): ReadInShares | undefined {
  const traces: TraceRead[] = [];
  const brokenOff: string[] = [];
  const pieces = results.flatMap(({ read }, share) =>
    read.map((each, i) => ({ each, piece: shares[share]![i]! })),
  );
  for (let i = 0; i < pieces.length; i++) {
    const { each, piece } = pieces[i]!;
    if (each.kind === 'files') {
      if (each.isOther || hasChangingHeads(each.read.summary)) return undefined;
      traces.push(each.read);
      brokenOff.push(...each.brokenOff, ...interrupted(each, signal));
      continue;
    }
    if (piece.kind !== 'part') continue;
    const parts: PartRead[] = [each];
    for (let next = pieces[i + 1]; isPartOf(next?.piece, piece.descriptor); next = pieces[i + 1]) {
      parts.push(next!.each as PartRead);
      i++;
    }
    const trace = traceOf(parts, cutFiles.get(piece.descriptor)!, signal);
    if (!trace) return undefined;
    traces.push(trace.read);
    brokenOff.push(...trace.brokenOff);
  }
  return { traces, brokenOff };
}

function isPartOf(
  piece: Shares<CutTraceFile>['shares'][number][number] | undefined,
  descriptor: number,
): boolean {
  return piece?.kind === 'part' && piece.descriptor === descriptor;
}

function traceOf(
  read: readonly PartRead[],
  file: CutTraceFile,
  signal: NodeJS.Signals | undefined,
): { read: TraceRead; brokenOff: readonly string[] } | undefined {
  const { shape, trailer } = file.outline;
  const parts = read.map(({ part }) => part);
  const isWhole = read.every((each) => each.isWhole);
  // After a signal, the parts are not compared: they may look different only because reading stopped early.
  if (isWhole && !isSameInParts(parts, shape)) return undefined;
  const { summary, facts } = combineParts(parts, shape, isWhole ? trailer : '');
  const isKnown = summary.records > 0 || shape.header !== '';
  const name = forTerminal(file.file);
  const ended =
    signal !== undefined && !isWhole
      ? `${name}: ${signal} interrupted reading after ${summary.bytes} bytes`
      : whatChanged(name, file);
  return { read: { summary, facts, isKnown }, brokenOff: ended === undefined ? [] : [ended] };
}

function* interrupted({ stoppedIn, left }: FilesRead, signal = 'a signal'): Generator<string> {
  if (stoppedIn) yield `${stoppedIn.name}: ${signal} interrupted reading after ${stoppedIn.bytes} bytes`;
  if (left.length > 0) yield `${signal} interrupted reading before ${left.map(forTerminal).join(', ')}`;
}
