import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createFolder } from '@stapflame/folder';
import { createFoldedWriter } from '@stapflame/stacks/stream';
import { createParser } from '@stapflame/stap-parser';

/** Parser and folder, combined as in an application. */
await pipeline(
  createReadStream(process.argv[2]!, { highWaterMark: 1 << 20 }),
  createParser(),
  createFolder(),
  createFoldedWriter(),
  process.stdout,
);
