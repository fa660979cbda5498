import { ok, strictEqual } from 'node:assert/strict';
import { isLabel } from '@stapflame/stacks';
import {
  compileDemangler,
  Demangler,
  KnownCode,
  readElf,
  readSavedFile,
  SymbolsError,
} from '@stapflame/symbols';
import type { FuzzInput } from './inputs.ts';

/** The beginning of an ELF file, 64-bit and little-endian: without it, no header is read. */
const ELF = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1);
/** The size of the largest header table that is read. */
const MOST_AT_ONCE = 1 << 20;
const NUMBER = /[0-9a-f]{3,16}/g;
const MOST_LABELS = 8;

const demangler = new Demangler(compileDemangler);

/**
 * Reads the input as each kind of file that names are looked up in (maps, a perf map, kernel symbols, a saved file, an
 * ELF file), and as labels to demangle. None of these may fail, or take unlimited time or memory.
 */
export function checkSymbols({ bytes }: FuzzInput): void {
  const text = new TextDecoder().decode(bytes);
  const process = { pid: 1, maps: text, perfMap: text };
  const code = new KnownCode([{ buildIds: {}, processes: [process], kallsyms: text }]);
  for (const [digits] of text.matchAll(NUMBER)) {
    const address = Number.parseInt(digits, 16);
    const found = code.codeAt(address);
    if (found && 'offset' in found) ok(found.offset >= 0, 'a module begins before its first byte');
    code.kernelFunctionAt(address);
  }
  checkSaved(text);
  checkElf(bytes);
  for (const line of text.split('\n', MOST_LABELS)) checkLabel(line.trim());
}

function checkSaved(text: string): void {
  try {
    readSavedFile(text);
  } catch (error) {
    ok(error instanceof SymbolsError, String(error));
  }
}

function checkElf(bytes: Uint8Array): void {
  const file = new Uint8Array(Math.max(64, bytes.length));
  file.set(bytes);
  file.set(ELF);
  readElf((offset, length) => {
    ok(length <= MOST_AT_ONCE, `${length} bytes at once`);
    return file.subarray(offset, offset + length);
  });
}

/** Checks that a label stays one label, and that demangling it again changes nothing. */
function checkLabel(line: string): void {
  if (!isLabel(line)) return;
  const label = demangler.label(line);
  ok(isLabel(label), label);
  strictEqual(demangler.label(label), label);
}
