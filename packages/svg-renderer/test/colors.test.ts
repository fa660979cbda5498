import { describe, expect, it } from 'vitest';
import { FlameGraphRenderer, renderFlameGraph, type RendererOptions } from '../src/index.ts';
import { Colors, placeOf, type PaletteName, type RampName } from '../src/picture/palette.ts';

/** Returns the fill of each box, by name. */
function fillsOf(folded: string, options: RendererOptions = {}): Record<string, string> {
  const svg = renderFlameGraph([folded], options);
  const fills = Object.fromEntries(
    Array.from(svg.matchAll(/<title>(\S+) \([^<]*<\/title><rect[^>]* fill="([^"]*)"/g), ([, name, fill]) => [
      name!,
      fill!,
    ]),
  );
  expect(fills).toHaveProperty('all');
  return fills;
}

describe('in the palette', () => {
  it.each<[PaletteName, string, RampName]>([
    ['hot', 'main', 'hot'],
    ['hot', 'read_[k]', 'blue'],
    ['hot', 'mix_[i]', 'aqua'],
    ['mem', 'main', 'mem'],
    ['io', 'main', 'io'],
    ['wakeup', 'main', 'aqua'],
    ['chain', 'swapper_[w]', 'aqua'],
    ['chain', 'sleep', 'blue'],
    ['red', 'main', 'red'],
    ['green', 'main', 'green'],
    ['blue', 'main', 'blue'],
    ['aqua', 'main', 'aqua'],
    ['yellow', 'main', 'yellow'],
    ['purple', 'main', 'purple'],
    ['orange', 'main', 'orange'],
    ['java', 'run_[j]', 'green'],
    ['java', 'Ljava/lang/Thread.run', 'green'],
    ['java', 'hash_[i]', 'aqua'],
    ['java', 'read_[k]', 'orange'],
    ['java', 'JavaThread::run', 'yellow'],
    ['java', 'start_thread', 'red'],
    ['js', '/app/main.js_[j]', 'green'],
    ['js', 'main.mjs', 'green'],
    ['js', 'Map.set_[j]', 'aqua'],
    ['js', 'Builtin:Add', 'aqua'],
    ['js', 'read_[k]', 'orange'],
    ['js', 'v8::run', 'yellow'],
    ['js', 'uv_run', 'red'],
    ['perl', 'Perl_runops', 'green'],
    ['perl', 'List.pm', 'green'],
    ['perl', 'read_[k]', 'orange'],
    ['perl', 'List::sum', 'yellow'],
    ['perl', 'malloc', 'red'],
    ['python', 'main.py:run', 'green'],
    ['python', '/lib/site-packages/a.py:run', 'aqua'],
    ['python', '<frozen importlib>', 'yellow'],
    ['python', 'read_[k]', 'orange'],
    ['python', 'malloc', 'red'],
    ['rust', 'app::run', 'aqua'],
    ['rust', 'core::ptr::drop', 'orange'],
    ['rust', 'main', 'yellow'],
    ['rust', 'read_[k]', 'blue'],
  ])('%s, %s has a shade of %s', (palette, name, ramp) => {
    const colors = new Colors(palette);
    colors.of(name, 0.5);
    expect([...colors.ramps]).toEqual([ramp]);
  });
  it.each(['colorblind', 'contrast'] as const)(
    '%s, names take their colours from a short list',
    (palette) => {
      const colors = new Colors(palette);
      const places = Array.from({ length: 101 }, (_, i) => colors.of('main', i / 100));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(places.at(-1)).toBe(colors.list.length - 1);
      expect(colors.list.length).toBeLessThan(10);
    },
  );
});

describe('a name', () => {
  it('that only separates parts of a stack is grey', () => {
    const fills = fillsOf('a;--;b 1\na;-;b 1\n');
    expect([fills['--'], fills['-']]).toEqual(['#a0a0a0', '#c8c8c8']);
  });
  it('has the same place in its palette as a similar name if the spread is hash, and the first place if it is empty', () => {
    const [one, similar, other] = ['parse_int', 'parse_float', 'zzz'].map((name) => placeOf(name, 'hash'));
    expect(similar).toBe(one);
    expect(other).not.toBe(one);
    expect(placeOf('', 'hash')).toBe(0);
  });
  it('has the same colour as a similar name if the option hash is set', () => {
    const folded = 'parse_int 1\nparse_float 1\n';
    const similar = fillsOf(folded, { hash: true });
    expect(similar['parse_int']).toBe(similar['parse_float']);
    const spread = fillsOf(folded);
    expect(spread['parse_int']).not.toBe(spread['parse_float']);
  });
});

describe('a palette map', () => {
  /** Returns the map after a picture has been drawn with it. */
  function mapAfter(folded: string, cp: string, options: RendererOptions = {}): string | undefined {
    const renderer = new FlameGraphRenderer({ cp, ...options });
    renderer.push(folded);
    for (const piece of renderer.finish()) expect(piece).not.toBe('');
    return renderer.summary().paletteMap;
  }
  it('sets the colours of its names, in decimal or hexadecimal, and may contain blank lines', () => {
    const cp = 'a->rgb(1,2,3)\n\nb->#0a0B0c\n  \n';
    expect(fillsOf('a;b;c 1\n', { cp })).toMatchObject({ a: '#010203', b: '#0a0B0c' });
  });
  it('gains the names in the picture, sorted by name, and keeps names that are not in the picture', () => {
    const { a } = fillsOf('a 1\n');
    const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(a!.slice(at, at + 2), 16));
    expect(mapAfter('c;a 1\n', 'x->rgb(4,5,6)\nc->rgb(1,2,3)\nb->#0a0b0c\n')).toBe(
      `a->rgb(${red},${green},${blue})\nb->rgb(10,11,12)\nc->rgb(1,2,3)\nx->rgb(4,5,6)\n`,
    );
  });
  it('gets the same colour for similar names if the option hash is set', () => {
    const lines = mapAfter('parse_int 1\nparse_float 1\n', '', { hash: true })!.split('\n');
    expect(lines.map((line) => line.split('->')[0])).toEqual(['parse_float', 'parse_int', '']);
    expect(lines[0]!.split('->')[1]).toBe(lines[1]!.split('->')[1]);
  });
  it.each([
    ['a->rgb(1,2,3)\nnonsense\n', 2],
    ['a->rgb(1,2,256)\n', 1],
    ['\n\na->rgb(1,2)\n', 3],
  ])('with an invalid line (%j) causes an error with the line number', (cp, line) => {
    expect(() => renderFlameGraph(['a 1\n'], { cp })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTIONS', line }),
    );
  });
});

describe('colours by share', () => {
  it('are red for the whole and pale for a small part, and their key says so', () => {
    const fills = fillsOf('a 97\nb 3\n', { colordiffusion: true });
    const green = (name: string): number => Number.parseInt(fills[name]!.slice(3, 5), 16);
    expect(green('b')).toBeGreaterThan(green('a'));
    expect(renderFlameGraph(['a 1\n'], { colordiffusion: true })).toContain('almost none');
  });
});

describe('colours by change', () => {
  const changed = 'a 1 9\nb 9 1\n';
  const key = '"text":"not significant"';
  it('are grey if a difference is not significant, unless colorChance is set', () => {
    const options: RendererOptions = { testBoxes: ({ after }) => Array.from(after, () => 0) };
    const grey = fillsOf(changed, options);
    expect(grey['a']).toBe(grey['all']);
    expect(renderFlameGraph([changed], options)).toContain(key);
    const coloured = fillsOf(changed, { ...options, colorChance: true });
    expect(coloured).toEqual(fillsOf(changed));
    expect(renderFlameGraph([changed], { ...options, colorChance: true })).not.toContain(key);
  });
  it('are the same as without a test if nothing can be tested', () => {
    expect(renderFlameGraph([changed], { testBoxes: () => undefined })).toBe(renderFlameGraph([changed]));
    const unused = (): never => expect.unreachable();
    expect(renderFlameGraph(['a 1\n'], { testBoxes: unused })).toBe(renderFlameGraph(['a 1\n']));
  });
  it('show differences in weight, not in share, if one side has no weight', () => {
    expect(fillsOf('a 0 4\nb 0 1\n', { compareBy: 'totals' })).toEqual(fillsOf('a 0 4\nb 0 1\n'));
  });
  it('ignore rounding errors in scaled weights', () => {
    const key = 'more self weight than before';
    const [proportional, options] = ['a 0.1 0.3\nb 0.2 0.6\nc 0.7 2.1\n', { compareBy: 'totals' }] as const;
    expect(renderFlameGraph([proportional], options)).not.toContain(key);
    expect(renderFlameGraph([`${proportional}d 0.1 0.1\n`], options)).toContain(key);
  });
});
