import { FolderError } from '@stapflame/folder';
import { StacksError } from '@stapflame/stacks';
import { ParserError } from '@stapflame/stap-parser';
import { RendererError } from '@stapflame/svg-renderer';

/** The outcome of an input: a result, or the code of a named error. Any other error is a finding. */
export type Result<T> = { readonly value: T } | { readonly refused: string };

export function attempt<T>(work: () => T): Result<T> {
  try {
    return { value: work() };
  } catch (error) {
    for (const named of [StacksError, ParserError, FolderError, RendererError])
      if (error instanceof named) return { refused: error.code };
    throw error;
  }
}

/** Calls `take` with successive pieces of `size` bytes. */
export function inPieces(bytes: Uint8Array, size: number, take: (piece: Uint8Array) => void): void {
  for (let at = 0; at < bytes.length; at += size) take(bytes.subarray(at, at + size));
}
