import { RendererError } from '../errors.ts';
import type { FoldedStack } from '../folded-lines.ts';
import { compareNames } from './names.ts';

interface Node {
  readonly children: Map<string, Node>;
  /** Weight of the stacks that end here. */
  own: number;
  change: number;
}

/** Most frames of a tree: about 250 MB. */
export const MAX_FRAMES: number = 1 << 20;

/** Collects stacks in any order and gives them back sorted frame by frame. */
export class UnsortedTree {
  readonly #root: Node = { children: new Map(), own: 0, change: 0 };
  #frames = 0;

  add({ frames, weight, change, line }: FoldedStack): void {
    let node = this.#root;
    for (const name of frames) node = node.children.get(name) ?? this.#addChild(node, name, line);
    node.own += weight;
    node.change += change;
  }

  #addChild(parent: Node, name: string, line: number): Node {
    if (++this.#frames > MAX_FRAMES) {
      throw new RendererError(
        'TOO_MANY_FRAMES',
        `line ${line} brings more than ${MAX_FRAMES} different frames; fold the input first and say that it is sorted`,
        line,
      );
    }
    const node = { children: new Map(), own: 0, change: 0 };
    parent.children.set(name, node);
    return node;
  }

  /** The stacks in order; without recursion, for stacks of any depth. */
  *sorted(): Generator<FoldedStack> {
    const frames: string[] = [];
    const levels: [string, Node][][] = [inOrder(this.#root)];
    while (levels.length > 0) {
      const next = levels.at(-1)!.pop();
      if (!next) {
        levels.pop();
        frames.pop();
        continue;
      }
      const [name, node] = next;
      frames.push(name);
      if (node.own > 0 || node.children.size === 0)
        yield { frames, weight: node.own, change: node.change, line: 0 };
      levels.push(inOrder(node));
    }
  }
}

/** Children from the last to the first, to be popped. */
function inOrder({ children }: Node): [string, Node][] {
  return [...children].sort(([a], [b]) => compareNames(b, a));
}
