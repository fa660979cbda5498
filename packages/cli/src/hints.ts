import { sh } from '@stapflame/stap-doctor';
import type { Hint } from '@stapflame/stap-parser';

/** Explains why a trace may have been misread, and says what to do about it. */
export function hintText(hint: Hint): string {
  const { offset, text } = hint.line;
  const line = `"${text.trim().slice(0, 80)}" (byte ${offset})`;
  if (hint.kind === 'separator')
    return `${line} looks like a separator between samples; if it is one, add ${sh`--separator ${hint.pattern}`}`;
  return `${hint.changing} of ${hint.records} samples have individual headings, such as ${line}, so equal stacks are not summed; change the script so that it does not print a time or number before the frames`;
}
