import { SampleWeigher, type WeighedFrame, type WeighedStacks } from '../src/weight/weigher.ts';

/**
 * Creates a frame: `dive@burn`, `@burn` without a name, `@` with neither a name nor a module, `work@kernel` in the
 * kernel, `work@ext4^` in a kernel module, `work@^` in the kernel without a module, or `#text`, a line that is not a
 * frame.
 */
function frame(text: string): WeighedFrame {
  if (/^[#[]/.test(text)) return { label: text };
  const at = text.indexOf('@');
  const [symbol, module] = [text.slice(0, at), text.slice(at + 1).replace('^', '')];
  return {
    label: symbol || '[unknown]',
    kernel: module === 'kernel' || text.endsWith('^'),
    ...(symbol && { symbol }),
    ...(module && { module }),
  };
}

/** Creates a batch of stacks. Each stack is given leaf first, followed by its weight, as in `a@m b@m _start@m 3`. */
export function batch(...stacks: readonly string[]): WeighedStacks {
  const all: WeighedFrame[] = [];
  const bounds = [0];
  const counts: number[] = [];
  for (const stack of stacks) {
    const words = stack.split(' ');
    counts.push(Number(words.pop()));
    all.push(...words.map(frame));
    bounds.push(all.length);
  }
  return {
    table: { frame: (id) => all[id]! },
    frames: Uint32Array.from(all.keys()),
    bounds: Uint32Array.from(bounds),
    weights: [Float64Array.from(counts)],
  };
}

/** Returns the weights of the modules in these stacks. */
export function weigh(...stacks: readonly string[]): SampleWeigher['weights'] {
  const weigher = new SampleWeigher();
  weigher.add(batch(...stacks));
  return weigher.weights;
}
