import type { KeyEntry } from './key-line.ts';
import { changeColor, rampColor, shareColor, type PaletteName, type RampName } from './palette.ts';

/** For each palette that distinguishes kinds of code, the meanings of its colour ramps. */
const MEANINGS: Readonly<Partial<Record<PaletteName, Readonly<Partial<Record<RampName, string>>>>>> = {
  hot: { hot: 'user', aqua: 'inlined', blue: 'kernel' },
  chain: { aqua: 'waker', blue: 'sleeper' },
  java: { green: 'Java', aqua: 'inlined Java', yellow: 'C++', orange: 'kernel', red: 'other' },
  js: { green: 'JavaScript', aqua: 'built in', yellow: 'C++', orange: 'kernel', red: 'other' },
  perl: { green: 'Perl', yellow: 'C++', orange: 'kernel', red: 'other' },
  python: { green: 'Python', aqua: 'packages', yellow: 'interpreter', orange: 'kernel', red: 'other' },
  rust: { aqua: 'Rust', orange: 'standard library', yellow: 'other', blue: 'kernel' },
};

/** Returns the colour key for kinds of code; empty if the picture has only one kind. */
export function keyOfKinds(palette: PaletteName, inUse: ReadonlySet<RampName>): readonly KeyEntry[] {
  const entries = Object.entries(MEANINGS[palette] ?? {}) as [RampName, string][];
  const key = entries
    .filter(([ramp]) => inUse.has(ramp))
    .map(([ramp, text]) => ({ color: rampColor(ramp), text }));
  return key.length > 1 ? key : [];
}

/** Returns the colour key for changes. @param sign 1 if increases are red, −1 if they are blue */
export function keyOfChanges(sign: 1 | -1, grey: 'as before' | 'not significant'): readonly KeyEntry[] {
  return [
    { color: changeColor(sign * 0.7, 1), text: 'more self weight than before' },
    { color: changeColor(-sign * 0.7, 1), text: 'less self weight than before' },
    { color: changeColor(0, 1), text: grey },
  ];
}

export const KEY_OF_SHARES: readonly KeyEntry[] = [
  { color: shareColor(1), text: 'all' },
  { color: shareColor(0.5), text: 'half' },
  { color: shareColor(0), text: 'almost none' },
];
