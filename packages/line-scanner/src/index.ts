/** Creates a scanner. */
export { createScanner, type ScannerChoice } from './create.ts';
/** A scanner's interface and options, the reasons why it stops, and the meanings of its tokens. */
export { HOST_KEPT, Stop, Token, type LineScanner, type ScannerOptions, type StopCode } from './scanner.ts';
/** Runs a scanner for a parser that reads line by line. */
export { LineReader, type LineHandler } from './reader.ts';
/** Reads plain frames, which a scanner can recognise by their symbols. Nearly every SystemTap frame is plain. */
export { Plain, PlainFrameReader, type PlainKind } from './plain-frame.ts';
