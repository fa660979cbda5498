import { shown } from '../src/picture/escape.ts';

/** Copies a text, and says what became of it. */
export async function copied(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return `Copied: ${shown(text)}`;
  } catch {
    return 'This page may not copy; select the name above and copy it.';
  }
}
