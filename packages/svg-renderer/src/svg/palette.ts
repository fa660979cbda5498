/** Shades of one palette; the same name has the same colour in every picture. */
const SHADES = 24;

/** Warm colours, light enough for black text: contrast 4.5:1 and more. They mean nothing. */
export function colorOf(name: string): string {
  const shade = hash(name) % SHADES;
  const hue = 8 + (shade % 8) * 6;
  const lightness = 62 + Math.floor(shade / 8) * 5;
  return `hsl(${hue} 88% ${lightness}%)`;
}

/** FNV-1a over the UTF-16 units. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) value = Math.imul(value ^ name.charCodeAt(i), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}
