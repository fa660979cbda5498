import { CliError, Exit } from '../exit.ts';
import { openInputs, type Input } from '../io/inputs.ts';
import type { ReadableKind, StackInput } from './input.ts';
import { kindAmong, recognise, STACKS } from './table.ts';

/** Flags that set the kind of input. */
export interface KindFlags {
  /** The kind's name. @defaultValue detected from the content */
  readonly input?: string;
}

/**
 * Opens files of one kind. Unless a flag sets the kind, the start of the first file decides which of `kinds` is used.
 * If the start is not recognised, the files are read as the first of `kinds`. Every opened file is added to `opened`.
 */
export async function openByContent<Flags>(
  files: readonly string[],
  flags: KindFlags & Flags,
  kinds: readonly ReadableKind<Flags>[],
  opened: Input[],
): Promise<StackInput> {
  const inputs = openInputs(files, opened);
  try {
    const first: Input = (await inputs.next()).value;
    const asked = kinds.find(({ word }) => word === flags.input);
    const kind = asked ?? (await recogniseAmong(kinds, first)) ?? kinds[0]!;
    const input = await kind.open(sources(), flags);
    return input;

    async function* sources(): AsyncGenerator<Input> {
      try {
        yield first;
        for await (const next of inputs) {
          if (!asked) await refuseMixture(kinds, kind, first, next);
          yield next;
        }
      } finally {
        await inputs.return(undefined);
      }
      refuseUnusable(input.unusable(opened.map(({ head }) => head)), opened, kind);
    }
  } catch (error) {
    await inputs.return(undefined);
    throw error;
  }
}

/** Recognises an input from as few bytes as possible, because more may not be available yet. */
async function recogniseAmong<Flags>(
  kinds: readonly ReadableKind<Flags>[],
  input: Input,
): Promise<ReadableKind<Flags> | undefined> {
  if (kinds.length === 1) return kinds[0];
  await input.peek((head) => recognise(head) !== undefined);
  return kindAmong(kinds, input.head);
}

/** Throws if an input's kind differs from the first input's kind, even if this command cannot read that kind. */
async function refuseMixture<Flags>(
  kinds: readonly ReadableKind<Flags>[],
  kind: ReadableKind<Flags>,
  first: Input,
  next: Input,
): Promise<void> {
  if (kinds.length === 1) return;
  await next.peek((head) => recognise(head) !== undefined);
  const firstKind = kindAmong(STACKS, first.head) ?? kind;
  const other = kindAmong(STACKS, next.head);
  if (!other || other === firstKind) return;
  throw new CliError(
    Exit.DATA,
    `${first.name} is ${firstKind.name}, and ${next.name} is ${other.name}; fold each trace separately, then merge the results`,
  );
}

/** Throws if nothing in the input can be used. The error says what the input seems to be. */
function refuseUnusable<Flags>(
  reason: string | undefined,
  inputs: readonly Input[],
  from: ReadableKind<Flags>,
): void {
  if (reason === undefined) return;
  const names = inputs.map(({ name }) => name).join(', ');
  const ended = inputs.find(({ brokenOff }) => brokenOff !== undefined)?.brokenOff;
  const kind = inputs.map(({ head }) => recognise(head)).find((found) => found !== undefined);
  const instead = kind && kind !== from ? `it is ${kind.name}; ${kind.advice}` : undefined;
  const isEmpty = inputs.every(({ head }) => head.length === 0);
  throw new CliError(
    Exit.DATA,
    `nothing usable in ${names}: ${(isEmpty ? ended : undefined) ?? instead ?? reason}`,
  );
}
