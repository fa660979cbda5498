import type { PaletteMap } from './palette-map.ts';

/**
 * Hue, saturation and lightness at both ends of a colour ramp. The ramp's shades lie between them, and black text is
 * legible on all of them.
 */
type Ramp = readonly [from: readonly [number, number, number], to: readonly [number, number, number]];

export type RampName =
  'hot' | 'mem' | 'io' | 'red' | 'green' | 'blue' | 'aqua' | 'yellow' | 'purple' | 'orange';

const RAMPS: Readonly<Record<RampName, Ramp>> = {
  hot: [
    [8, 88, 66],
    [50, 92, 62],
  ],
  mem: [
    [120, 48, 58],
    [165, 45, 66],
  ],
  io: [
    [205, 70, 68],
    [235, 78, 78],
  ],
  red: [
    [0, 82, 68],
    [8, 88, 78],
  ],
  green: [
    [105, 50, 58],
    [130, 52, 70],
  ],
  blue: [
    [206, 78, 68],
    [222, 82, 78],
  ],
  aqua: [
    [178, 48, 58],
    [192, 54, 70],
  ],
  yellow: [
    [50, 75, 55],
    [58, 80, 68],
  ],
  purple: [
    [285, 55, 70],
    [305, 60, 80],
  ],
  orange: [
    [26, 88, 60],
    [36, 92, 68],
  ],
};

type KindPalette = RampName | 'wakeup' | 'chain' | 'java' | 'js' | 'perl' | 'python' | 'rust';
type ListPalette = 'colorblind' | 'contrast';
export type PaletteName = KindPalette | ListPalette;

/** For each palette that distinguishes kinds of code, a function that chooses the ramp for a name. */
const KINDS: Readonly<Record<KindPalette, (name: string) => RampName>> = {
  hot: (name) => (isKernel(name) ? 'blue' : isMarkedInlined(name) ? 'aqua' : 'hot'),
  mem: () => 'mem',
  io: () => 'io',
  wakeup: () => 'aqua',
  chain: (name) => (name.endsWith('_[w]') ? 'aqua' : 'blue'),
  red: () => 'red',
  green: () => 'green',
  blue: () => 'blue',
  aqua: () => 'aqua',
  yellow: () => 'yellow',
  purple: () => 'purple',
  orange: () => 'orange',
  java: (name) => {
    if (name.endsWith('_[j]')) return 'green';
    if (isMarkedInlined(name)) return 'aqua';
    if (isKernel(name)) return 'orange';
    if (name.includes('::')) return 'yellow';
    return /^L?(?:java|javax|jdk|net|org|com|io|sun)[./]/.test(name) ? 'green' : 'red';
  },
  js: (name) => {
    if (name.endsWith('_[j]')) return name.includes('/') ? 'green' : 'aqua';
    if (isKernel(name)) return 'orange';
    if (name.includes('::')) return 'yellow';
    if (/\.[cm]?js\b/.test(name)) return 'green';
    return name.includes(':') ? 'aqua' : 'red';
  },
  perl: (name) => {
    if (isKernel(name)) return 'orange';
    if (name.includes('::')) return 'yellow';
    return /^Perl|\.p[lm]\b/.test(name) ? 'green' : 'red';
  },
  python: (name) => {
    if (isKernel(name)) return 'orange';
    if (/site-packages|dist-packages/.test(name)) return 'aqua';
    if (/python\d|^<frozen/.test(name)) return 'yellow';
    return /\.py\b/.test(name) ? 'green' : 'red';
  },
  rust: (name) => {
    if (isKernel(name)) return 'blue';
    if (/^<?(?:std|core|alloc|__rust)\b/.test(name)) return 'orange';
    return name.includes('::') ? 'aqua' : 'yellow';
  },
};

/**
 * `colorblind`: Okabe and Ito's colours, lightened for black text. `contrast`: strong colours for readers with low
 * contrast sensitivity.
 */
const LISTS: Readonly<Record<ListPalette, readonly string[]>> = {
  colorblind: ['#e69f00', '#56b4e9', '#2fb58a', '#f0e442', '#5aa2d8', '#e8824a', '#d998ba'],
  contrast: ['#ffd400', '#ffffff', '#ffb000', '#9fe7ff'],
};

/** Names that the `colors` option accepts. */
export const PALETTES: readonly PaletteName[] = [
  ...(Object.keys(KINDS) as KindPalette[]),
  ...(Object.keys(LISTS) as ListPalette[]),
];

/** How a name's position in its palette is chosen. */
export type Spread = 'name' | 'hash';

/** Number of shades in each ramp. It limits the number of colours in a picture, and thus the number of elements. */
const SHADES = 12;

/** Collects a picture's colours and numbers them. A name has the same colour in every picture. */
export class Colors {
  readonly #palette: PaletteName;
  readonly #ids = new Map<string, number>();
  /** Colour numbers, by ramp and step. */
  readonly #shades = new Map<string, number>();

  /** Colours that a palette map assigns to names. */
  readonly #given: PaletteMap | undefined;

  constructor(palette: PaletteName, given?: PaletteMap) {
    this.#palette = palette;
    this.#given = given;
  }

  /** The colours in use, indexed by colour number. */
  get list(): readonly string[] {
    return [...this.#ids.keys()];
  }

  /** The ramps in use. */
  get ramps(): ReadonlySet<RampName> {
    return new Set(Array.from(this.#shades.keys(), (shade) => shade.split(' ')[0] as RampName));
  }

  /** Returns the number of a name's colour. `place` is the colour's position in the palette (0 … 1). */
  of(name: string, place: number): number {
    const given = this.#given?.get(name);
    if (given !== undefined) return this.id(given);
    if (name === '--' || name === '-') return this.id(name === '--' ? '#a0a0a0' : '#c8c8c8');
    if (this.#palette === 'colorblind' || this.#palette === 'contrast') {
      const list = LISTS[this.#palette];
      return this.id(list[Math.min(list.length - 1, Math.floor(place * list.length))]!);
    }
    const ramp = KINDS[this.#palette](name);
    const step = Math.min(SHADES - 1, Math.floor(place * SHADES));
    const shade = `${ramp} ${step}`;
    const known = this.#shades.get(shade);
    if (known !== undefined) return known;
    const id = this.id(shadeOf(RAMPS[ramp], step));
    this.#shades.set(shade, id);
    return id;
  }

  ofChange(change: number, largest: number): number {
    return this.id(changeColor(change, largest));
  }

  ofShare(share: number): number {
    return this.id(shareColor(share));
  }

  id(color: string): number {
    const id = this.#ids.get(color) ?? this.#ids.size;
    this.#ids.set(color, id);
    return id;
  }
}

/** Returns red for increases and blue for decreases, in ten steps up to the largest change. */
export function changeColor(change: number, largest: number): string {
  if (change === 0 || largest === 0) return '#e6e6e6';
  const step = Math.ceil((10 * Math.abs(change)) / largest);
  return hex(change > 0 ? 4 : 212, 85, 90 - step * 2.4);
}

/** Returns the colour for a share of the total: pale for small shares, red for large ones. */
export function shareColor(share: number): string {
  return hex(50 - Math.round(share * 11) * 4, 90, 82 - Math.round(share * 11) * 1.4);
}

/** Returns the middle shade of a ramp, for the colour key. */
export function rampColor(ramp: RampName): string {
  return shadeOf(RAMPS[ramp], SHADES / 2);
}

/**
 * Returns a name's position in its palette (0 … 1). With the spread `name`, positions are spread evenly; with `hash`,
 * similar names have similar positions.
 */
export function placeOf(name: string, spread: Spread): number {
  if (spread === 'name') return (hash(name) % 4096) / 4096;
  let place = 0;
  let weight = 1;
  let sum = 0;
  for (const char of name.slice(0, 6)) {
    place += weight * ((char.charCodeAt(0) % 11) / 10);
    sum += weight;
    weight *= 0.7;
  }
  return sum === 0 ? 0 : place / sum;
}

function isKernel(name: string): boolean {
  return name.endsWith('_[k]');
}

function isMarkedInlined(name: string): boolean {
  return name.endsWith('_[i]');
}

function shadeOf([from, to]: Ramp, step: number): string {
  const at = step / (SHADES - 1);
  const mix = (i: 0 | 1 | 2): number => from[i] + (to[i] - from[i]) * at;
  return hex(mix(0), mix(1), mix(2));
}

/** Converts hue (in degrees), saturation and lightness (in percent) to `#rrggbb`. */
function hex(hue: number, saturation: number, lightness: number): string {
  const l = lightness / 100;
  const a = (saturation / 100) * Math.min(l, 1 - l);
  const channel = (n: number): string => {
    const k = (n + hue / 30) % 12;
    const value = l - a * Math.max(-1, Math.min(k - 3, 9 - k, 1));
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(0)}${channel(8)}${channel(4)}`;
}

/** Returns the FNV-1a hash of a name's UTF-16 code units, with the high bits mixed into the low bits. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) value = Math.imul(value ^ name.charCodeAt(i), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}
