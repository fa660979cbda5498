import type { Frame } from '@stapflame/stacks';
import { addressOf } from '../saved/address.ts';
import type { KnownCode } from '../saved/known-code.ts';
import type { CodePlace } from './found.ts';

/** How to name a frame: not at all, with this name, or by looking up this location. */
export type Question = undefined | { readonly name: string; readonly jit: boolean } | CodePlace;

/** Whether a name, or a better name, may be found for the frame. */
export function isQuestion({ symbol, module, offset, address }: Frame): boolean {
  if (symbol !== undefined) return module !== undefined && address !== undefined;
  return address !== undefined || (module !== undefined && offset !== undefined);
}

/**
 * Determines how to name the frame.
 *
 * @param back 1 if the frame is a call that has not returned. Its address then points to the next instruction, which
 *   may belong to another line, to another inlined function or, if the call never returns, to another function.
 */
export function questionOf(frame: Frame, back: 0 | 1, code: KnownCode): Question {
  const { symbol, module, offset, kernel, address: digits } = frame;
  const address = digits === undefined ? undefined : addressOf(digits);
  if (kernel === true) {
    const name =
      symbol === undefined && address !== undefined ? code.kernelFunctionAt(address - back) : undefined;
    return name === undefined ? undefined : { name, jit: false };
  }
  if (symbol === undefined && module !== undefined && offset !== undefined)
    return place(code, module, offset - back, false);
  const found = address === undefined ? undefined : code.codeAt(address - back);
  if (found === undefined) return undefined;
  if ('jit' in found) return symbol === undefined ? { name: found.jit, jit: true } : undefined;
  return place(code, found.module, found.offset, symbol !== undefined);
}

function place(code: KnownCode, module: string, offset: number, named: boolean): CodePlace {
  const buildId = code.buildIdOf(module);
  return { module, offset, named, ...(buildId !== undefined && { buildId }) };
}
