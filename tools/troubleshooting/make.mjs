// @ts-check
// Writes docs/troubleshooting.md from the doctor's table: npx nx build @stapflame/tools && node
// tools/troubleshooting/make.mjs
import { writeFileSync } from 'node:fs';
import { page } from '../dist/troubleshooting/page.js';

writeFileSync(new URL('../../docs/troubleshooting.md', import.meta.url), await page());
