import { Transform, type Duplex, type TransformCallback } from 'node:stream';
import pumpify from 'pumpify';
import split2 from 'split2';
import { Doctor } from './doctor.ts';
import type { Finding } from './finding.ts';
import { resolveOptions, type DoctorOptions } from './options.ts';
import { textOfBytes } from './text-of-bytes.ts';

/** A line of the input. */
export interface DiagnosedLine {
  /** The line's bytes, unchanged, without the line feed. */
  readonly bytes: Uint8Array;
  /** The code of the message that the line belongs to; `undefined` for an unknown line. */
  readonly code: string | undefined;
}

/** The doctor's output: each line as it is read and, after the last one, the findings. */
export type Diagnosis = { readonly line: DiagnosedLine } | { readonly finding: Finding };

/**
 * Creates a stage that reads the bytes of standard error and outputs `Diagnosis` objects. Lines longer than `maxLine`
 * are skipped. Throws `INVALID_OPTIONS`.
 */
export function createDoctor(options: DoctorOptions = {}): Duplex {
  const { maxLine } = resolveOptions(options);
  let bytes = 0;
  // split2 handles only text, so each byte passes through it as one character, and lines keep their bytes and offsets
  const characters = new Transform({
    readableObjectMode: true,
    transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
      bytes += chunk.length;
      done(null, chunk.toString('latin1'));
    },
  });
  // split2 takes quadratic time on endless lines, so it is told to drop overlong ones; its types lack these options
  const bounds: { readonly maxLength: number; readonly skipOverflow: boolean } = {
    maxLength: maxLine,
    skipOverflow: true,
  };
  return new pumpify.obj(
    characters,
    split2('\n', bounds),
    diagnosing(new Doctor(options), maxLine, () => bytes),
  );
}

function diagnosing(doctor: Doctor, maxLine: number, bytesRead: () => number): Transform {
  let offset = 0;
  return new Transform({
    objectMode: true,
    transform(line: string, _encoding: BufferEncoding, done: TransformCallback): void {
      // split2 drops a long line only if it arrives in several chunks, so drop those that arrive in one chunk here
      if (line.length > maxLine) {
        done();
        return;
      }
      const bytes = Buffer.from(line, 'latin1');
      const code = doctor.read(textOfBytes(bytes), offset);
      offset += line.length + 1;
      done(null, { line: { bytes, code } } satisfies Diagnosis);
    },
    flush(done: TransformCallback): void {
      // `offset` counts a line feed after the last line even if there is none, so `missing` may be negative
      const missing = bytesRead() - offset;
      if (missing > 0) doctor.passOver(missing);
      for (const finding of doctor.findings) this.push({ finding } satisfies Diagnosis);
      done();
    },
  });
}
