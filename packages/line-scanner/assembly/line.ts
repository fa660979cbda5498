/** Reads one line whose end has been found, and emits the line's token if the line is known. */
import { readKnownFrames } from './ahead';
import { cacheLine, cacheSet, forgetCache, worthAPlace } from './cache';
import { Event, readEvent } from './event';
import {
  FORM_EVENT,
  FORM_KERNEL,
  FORM_TEXT,
  FORM_USER,
  addKey,
  findKey,
  forgetKeys,
  hasRoom,
  hashKey,
} from './keys';
import { Host, giveAddress } from './host';
import { afterHexDigits } from './hex';
import { afterBlanks, isBlank, readCount, readFraming } from './marks';
import { TOKEN_WORDS, input, maxKeys, tokens } from './memory';
import { readPlainFrame, symbolLength, symbolStart } from './plain-frame';
import { Input, Kernel, Lead, Options } from './state';
import { addSymbol, findSymbol } from './symbols';
import { SAME_ADDRESS, TOKEN_BLANK, TOKEN_EVENT, Tokens, emit } from './tokens';

// the start of the last line's address, the start of its key, and the key's form
let addressStart: usize = 0;
let keyStart: usize = 0;
let form: u32 = FORM_TEXT;
let sameAddress: u32 = 0;

/** Number of lines that have known symbols but could not be remembered because there was no room. */
let passed: u32 = 0;
/**
 * Once the lines that could not be remembered outnumber those that fit into memory by this factor, the remembered lines
 * are considered rare and are forgotten.
 */
const MOST_PASSED: u32 = 64;

/** Added to a key's form, so that the key's hash differs from the hash of a symbol with the same text. */
const KEYED: u32 = 4;

/** Forgets all lines, but keeps the symbols. */
export function forgetLines(): void {
  passed = 0;
  // every cached line refers to a key, so the cache is emptied whenever keys are forgotten
  if (forgetKeys()) forgetCache();
}

/** Remembers the last line under this token, and emits the token. */
export function rememberLine(token: u32): void {
  if (form == FORM_EVENT) {
    if (!hasRoom(Event.keyLength)) forgetLines();
    const hash = hashKey(Event.key, Event.keyLength, form);
    countEvent(addKey(hash, Event.key, Event.keyLength, form, token));
    return;
  }
  const length = <u32>(Input.lineEnd - keyStart);
  if (Options.symbols && form != FORM_TEXT && token != 0 && !hasRoom(length)) {
    // the table is full: keep only this line's hash, as for a symbol, so that no other lines have to be forgotten
    addSymbol(keyStart, length, form | KEYED, token);
    learnLine(token);
  } else keepLine(token);
}

/** Remembers the last line by its text. If there is no room for the text, forgets all other lines. */
function keepLine(token: u32): void {
  const length = <u32>(Input.lineEnd - keyStart);
  if (!hasRoom(length)) forgetLines();
  emitLine(token, addKey(hashKey(keyStart, length, form), keyStart, length, form, token));
}

/** Remembers the last line's symbol, and also the line if there is room for it. */
export function rememberSymbolOfLine(token: u32): void {
  const isPlain = form != FORM_TEXT && readSymbol();
  if (isPlain) addSymbol(symbolStart, symbolLength, form, token);
  if (isPlain) learnLine(token);
  else rememberLine(token);
}

/** Emits the token of a line with a known symbol. Remembers the line if there is room for it. */
function learnLine(token: u32): void {
  if (!hasRoom(<u32>(Input.lineEnd - keyStart)) && ++passed <= maxKeys * MOST_PASSED) emitLine(token, 0);
  else keepLine(token);
}

/**
 * Reads ahead plain frames with known symbols, if some lines could not be remembered. Otherwise, most lines are found before
 * their symbols are needed. Returns whether any line was read.
 */
export function readFrames(): bool {
  if (passed == 0 || !Options.symbols || Host.prefixed || Options.bareAddresses) return false;
  const most = min(maxKeys * MOST_PASSED - passed, TOKEN_WORDS - Tokens.count);
  const lines = readKnownFrames(most);
  passed += lines;
  return lines > 0;
}

// @ts-expect-error: an AssemblyScript decorator
@inline
function readSymbol(): bool {
  return readPlainFrame(Input.text, Input.lineEnd, addressStart, form == FORM_KERNEL);
}

/** Whether the last line read is the first line of a sample. */
export function isEvent(): bool {
  return form == FORM_EVENT;
}

/** Finds the last event line's key entry. Returns 0 if the key is new. */
export function findEvent(): usize {
  const hash = hashKey(Event.key, Event.keyLength, FORM_EVENT);
  return findKey(hash, Event.key, Event.keyLength, FORM_EVENT);
}

/** Writes an event line's token, which consists of four words. */
export function emitEvent(to: usize, key: usize): void {
  store<u32>(to, TOKEN_EVENT);
  store<u32>(to, load<u32>(key, 12), 4);
  store<u32>(to, <u32>Event.period, 8);
  store<u32>(to, <u32>(Event.period >>> 32), 12);
}

function countEvent(key: usize): void {
  emitEvent(tokens + (<usize>Tokens.count << 2), key);
  Tokens.count += 4;
  Kernel.valid = false;
}

/** Emits the line's token if the line is known. Otherwise, returns `false`. */
export function readLine(): bool {
  keyStart = Input.text;
  form = FORM_TEXT;
  sameAddress = 0;
  if (Input.text == Input.lineEnd) {
    if (!Options.blanks) return true;
    Kernel.valid = Host.fresh = false;
    emit(TOKEN_BLANK);
    emit(<u32>(Input.next - input));
    return true;
  }
  const first = load<u8>(Input.text);
  if (Options.events && first != 9 && readEvent(Input.text, Input.lineEnd, Options.threads)) {
    form = FORM_EVENT;
    const event = findEvent();
    if (event != 0) countEvent(event);
    return event != 0;
  }
  // nearly every line in a SystemTap trace begins with ' 0x'
  if (!Options.bareAddresses && first == 32 && load<u16>(Input.text + 1) == 0x7830) {
    readAddress(Input.text + 1);
    return lookUp();
  }
  if (Options.marks) {
    if (isBlank(first) && readCount()) return true;
    if (first == 0x23 && Host.digits == 0 && readFraming()) return true;
  }
  const from = afterBlanks(Input.text);
  if (Options.bareAddresses) readBareAddress(from);
  else if (load<u16>(from) == 0x7830) readAddress(from);
  return lookUp();
}

export function keyByAllBytes(): void {
  keyStart = Input.text;
  form = FORM_TEXT;
  sameAddress = 0;
}

/** Reads the address whose `0x` is at `zero`. Does nothing if no digits follow. */
function readAddress(zero: usize): void {
  const from = zero + 2;
  const to = afterHexDigits(from);
  const digits = <u32>(to - from);
  if (digits == 0 || digits > 16) return;
  // There is no code at address 0, and an address alone after a TAB may be a damaged count. Compare such lines in full.
  if ((digits == 1 && load<u8>(from) == 48) || (to == Input.lineEnd && load<u8>(Input.text) == 9)) return;
  addressStart = from;
  const kernel = digits == 16 && load<u8>(from) >= 0x38;
  form = kernel ? FORM_KERNEL : FORM_USER;
  if (kernel && Kernel.valid && i8x16.all_true(i8x16.eq(Kernel.address, v128.load(from)))) sameAddress = SAME_ADDRESS;
  if (!Options.addresses) keyStart = afterOwnAddress(from, to);
}

/** Reads an address as perf prints it: white space, digits and a space. Kernel addresses are not treated specially. */
function readBareAddress(from: usize): void {
  const to = afterHexDigits(from);
  const digits = <u32>(to - from);
  if (from == Input.text || digits == 0 || digits > 16) return;
  if (to == Input.lineEnd || load<u8>(to) != 32) return;
  form = FORM_USER;
  if (!Options.addresses) keyStart = to;
}

/** Returns the start of the key: after the address or, in ` 0xA : 0xA [MODULE+…]`, after the repeated address. */
function afterOwnAddress(from: usize, to: usize): usize {
  const second = to + 5;
  const after = second + (to - from);
  if (after > Input.lineEnd || (after < Input.lineEnd && load<u8>(after) != 32)) return to;
  if (load<u32>(to) != 0x30203a20 || load<u8>(to, 4) != 0x78) return to; // ' : 0', 'x'
  return memory.compare(from, second, to - from) == 0 ? after : to;
}

function lookUp(): bool {
  // if some lines could not be remembered, it is faster to look up the symbol first
  const symbolFirst = passed > 0;
  if (symbolFirst && lookUpHashed()) return true;
  const length = <u32>(Input.lineEnd - keyStart);
  const hash = hashKey(keyStart, length, form);
  const key = findKey(hash, keyStart, length, form);
  if (key == 0) return form != FORM_TEXT && (lookUpWhole() || (!symbolFirst && lookUpHashed()));
  emitLine(load<u32>(key, 12), key);
  return true;
}

/** Looks up the last line by its symbol's hash or, if the line is not a plain frame, by its key's hash. */
function lookUpHashed(): bool {
  if (!Options.symbols || form == FORM_TEXT) return false;
  const token = findLineSymbol();
  if (token != 0) learnLine(token);
  return token != 0;
}

function findLineSymbol(): u32 {
  return readSymbol()
    ? findSymbol(symbolStart, symbolLength, form)
    : findSymbol(keyStart, <u32>(Input.lineEnd - keyStart), form | KEYED);
}

function lookUpWhole(): bool {
  const length = <u32>(Input.lineEnd - Input.text);
  const key = findKey(hashKey(Input.text, length, FORM_TEXT), Input.text, length, FORM_TEXT);
  if (key == 0) return false;
  keyByAllBytes();
  emitLine(load<u32>(key, 12), key);
  return true;
}

/** @param key the line's key entry; 0 if the line is not remembered */
function emitLine(token: u32, key: usize): void {
  if (Host.fresh && form == FORM_KERNEL) {
    Kernel.address = v128.load(addressStart);
    Kernel.valid = true;
    const at = tokens + (<usize>Tokens.count << 2);
    Tokens.count += <u32>(giveAddress(at) - at) >> 2;
  }
  Host.fresh = false;
  emit(token | sameAddress);
  const keyOffset = <u32>(keyStart - Input.text);
  // Before a key, the cache can compare at most 20 bytes. It contains only lines that begin in the usual way (see
  // `Lead`) and end in a line feed without a carriage return.
  const leads = (<u32>load<u16>(Input.text) & Lead.mask) == Lead.bytes;
  const short = keyOffset >= 4 && keyOffset <= 20 && leads;
  if (key != 0 && form != FORM_TEXT && short && load<u8>(Input.lineEnd) == 10 && worthAPlace()) {
    cacheLine(cacheSet(Input.text), Input.text, keyOffset, key);
  }
  Kernel.valid = form == FORM_KERNEL;
  if (Kernel.valid) Kernel.address = v128.load(addressStart);
}
