/**
 * Compares names by their UTF-8 bytes, which is the same as comparing code points. JavaScript's `<` compares UTF-16
 * code units instead, and therefore sorts U+10000 and above, whose code units are D800 … DFFF, before U+E000 … U+FFFF.
 */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return codePointOrder(unitA) - codePointOrder(unitB);
  }
  return a.length - b.length;
}

/** Returns a sort key for a UTF-16 code unit. Keys sort like code points: surrogates (D800 … DFFF) come after E000 … FFFF. */
function codePointOrder(unit: number): number {
  return unit < 0xd800 ? unit : unit > 0xdfff ? unit - 0x800 : unit + 0x2000;
}
