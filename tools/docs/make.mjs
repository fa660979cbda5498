// @ts-check
// Writes docs/reference/ from the code: npx nx run-many -t build bundle -p stapflame @stapflame/tools && node tools/docs/make.mjs
import { writeFileSync } from 'node:fs';
import { referencePages } from '../dist/docs/reference.js';

const ROOT = new URL('../../', import.meta.url);
for (const { file, text } of await referencePages(ROOT)) writeFileSync(new URL(`docs/${file}`, ROOT), text);
