/** Makes a scanner: `createScanner(options)`. */
export { createScanner, type ScannerChoice } from './create.ts';
/** What a scanner does and takes, why it stops, and what its tokens mean. */
export { Stop, Token, type LineScanner, type ScannerOptions, type StopCode } from './scanner.ts';
