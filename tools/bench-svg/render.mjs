// @ts-check
// One picture, as the benchmark runs it: node render.mjs FOLDED [sorted] > SVG
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createFlameGraphRenderer } from '../../packages/svg-renderer/dist/index.js';

const [file = '', order] = process.argv.slice(2);
await pipeline(
  createReadStream(file, { highWaterMark: 1 << 20 }),
  createFlameGraphRenderer({ sorted: order === 'sorted' }),
  process.stdout,
);
