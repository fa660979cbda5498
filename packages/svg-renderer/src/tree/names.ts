/**
 * UTF-8 byte order, which is the order of code points. JavaScript's `<` compares UTF-16 units: it puts
 * the surrogates of U+10000 and above before U+E000 … U+FFFF.
 */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = byCodePoint(a.charCodeAt(i)) - byCodePoint(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Moves the surrogates D800 … DFFF behind E000 … FFFF. */
function byCodePoint(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit > 0xdfff ? unit - 0x800 : unit + 0x2000;
}
