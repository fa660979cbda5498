/** Makes a scanner: `createScanner(options)`. */
export { createScanner, type ScannerChoice } from './create.ts';
/** The interface and options of a scanner, why it stops, and what its tokens mean. */
export { HOST_KEPT, Stop, Token, type LineScanner, type ScannerOptions, type StopCode } from './scanner.ts';
/** Runs a scanner for a parser that reads whole lines. */
export { LineReader, type LineHandler } from './reader.ts';
/** The form of nearly every SystemTap frame. A scanner can recognise such a line by its symbol. */
export { Plain, PlainFrameReader, type PlainKind } from './plain-frame.ts';
