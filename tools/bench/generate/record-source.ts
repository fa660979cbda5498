/** Writes records into the caller's block, one at a time. */
export interface RecordSource {
  /** Text before the first record. */
  readonly head: string;
  /** Writes the next record at `at` and returns where it ends. */
  write(into: Buffer, at: number): number;
  /** The last written record's number of lines and weight. */
  readonly lines: number;
  readonly weight: number;
  /** Text after the last record. */
  tail(records: number): string;
}

/** The longest possible record: 44 frames of at most 160 bytes and four lines of framing. */
export const LONGEST_RECORD = 8192;
