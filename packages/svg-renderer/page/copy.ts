import { shown } from '../src/picture/escape.ts';

/** Copies text to the clipboard and returns a message for the user. */
export async function copied(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return `Copied: ${shown(text)}`;
  } catch {
    return 'The browser does not allow copying here; select the name above and copy it.';
  }
}
