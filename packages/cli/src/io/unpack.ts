import { Readable } from 'node:stream';
import type { Gunzip } from 'node:zlib';
import { CliError, Exit } from '../exit.ts';

/** Compressed formats, recognised by their first bytes. */
export type Packing = 'gzip' | 'zstd';

export function packingOf(head: Uint8Array): Packing | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd';
  return undefined;
}

/** Returns Node's decompressors. They are loaded only for compressed input. Zstandard needs Node 22.15. */
function unpackers(): Zlib {
  return process.getBuiltinModule('node:zlib');
}
type Zlib = Pick<typeof import('node:zlib'), 'createGunzip'> & {
  readonly createZstdDecompress?: () => NodeJS.ReadWriteStream;
};

/** Decompresses bytes. Error messages contain `name`. */
export function unpack(
  packing: Packing,
  packed: AsyncIterable<Uint8Array>,
  name: string,
): AsyncIterator<Buffer> {
  if (packing === 'zstd' && !unpackers().createZstdDecompress) {
    const advice = `run stapflame with Node 22.15 or later, or decompress it: zstd -dc ${name} | stapflame …`;
    throw new CliError(
      Exit.NO_INPUT,
      `cannot decompress ${name}: this version of Node (${process.version}) does not support Zstandard; ${advice}`,
    );
  }
  return pieces(packing, packed);
}

/** Decompresses only when data is requested, because an error that nobody awaits would end the process. */
async function* pieces(packing: Packing, packed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const source = Readable.from(packed, { objectMode: false, highWaterMark: 1 << 18 });
  const { createGunzip, createZstdDecompress } = unpackers();
  const unpacker = packing === 'gzip' ? createGunzip({ chunkSize: 1 << 17 }) : createZstdDecompress!();
  source.on('error', (error) => (unpacker as Gunzip).destroy(error));
  yield* source.pipe(unpacker) as Gunzip;
}

/** Whether a decompressor's error means that the compressed bytes are truncated or damaged. */
export function isDamage(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && /^(?:Z_(?:BUF|DATA)_ERROR|ZSTD_)/.test(code);
}
