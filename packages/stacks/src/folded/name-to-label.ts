import { EMPTY, labelOf } from '../label.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Returns the label for a name in folded text. */
export function nameToLabel(name: Uint8Array): string {
  const text = decoder.decode(name);
  return text.trim() === '' ? EMPTY : labelOf(text);
}
