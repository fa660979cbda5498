import { COMPILE } from './compile.ts';
import { DEBUGGER } from './debugger.ts';
import { DEBUGINFO } from './debuginfo.ts';
import type { Entry } from './entry.ts';
import { KERNEL } from './kernel.ts';
import { LIMITS } from './limits.ts';
import { PROGRESS } from './progress.ts';
import { SETUP } from './setup.ts';
import { STAPRUN } from './staprun.ts';
import { TRANSLATE } from './translate.ts';
import { UNWIND } from './unwind.ts';

/** The messages from one source: a chapter of the table. */
export interface Chapter {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** Every message that the doctor knows. */
export const CHAPTERS: readonly Chapter[] = [
  { title: 'Before stap starts', entries: SETUP },
  { title: 'Before the run: stap reads the script', entries: TRANSLATE },
  { title: 'Before the run: stap compiles the module', entries: COMPILE },
  { title: 'Before the run: staprun loads the module', entries: STAPRUN },
  { title: 'Features that the kernel lacks', entries: KERNEL },
  { title: 'During the run: limits that were hit', entries: LIMITS },
  { title: 'During the run: stacks that end early, and missing names', entries: UNWIND },
  { title: 'Debug information', entries: DEBUGINFO },
  { title: 'Debuggers', entries: DEBUGGER },
  { title: 'Progress', entries: PROGRESS },
];

export const ENTRIES: readonly Entry[] = CHAPTERS.flatMap(({ entries }) => entries);
