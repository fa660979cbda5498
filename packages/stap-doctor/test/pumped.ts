import fc from 'fast-check';
import regjsparser from 'regjsparser';

/** The types of nodes in the syntax trees of the doctor's patterns. */
type Node =
  | { readonly type: 'alternative' | 'disjunction'; readonly body: readonly Node[] }
  | { readonly type: 'group'; readonly behavior: string; readonly body: readonly Node[] }
  | { readonly type: 'quantifier'; readonly min: number; readonly body: readonly [Node] }
  | { readonly type: 'characterClass'; readonly negative: boolean; readonly body: readonly Node[] }
  | { readonly type: 'characterClassRange'; readonly min: Value; readonly max: Value }
  | { readonly type: 'characterClassEscape'; readonly value: string }
  | Value
  | { readonly type: 'dot' | 'anchor' };
interface Value {
  readonly type: 'value';
  readonly codePoint: number;
}

/** Sample characters for character classes and dots. Different classes in the patterns contain different samples. */
const CHARACTERS = [...'a0 /."\'():-+~^,[]_x\\'];

/** Generates the consecutive pieces of a string that matches part of a pattern. */
function piecesOf(node: Node): fc.Arbitrary<readonly string[]> {
  switch (node.type) {
    case 'alternative':
      return inTurn(node.body);
    case 'disjunction':
      return fc.oneof(...node.body.map(piecesOf));
    case 'group':
      return /^(?:negativeL|l)ook/.test(node.behavior) ? fc.constant([]) : inTurn(node.body);
    case 'quantifier':
      return fc
        .array(piecesOf(node.body[0]), { minLength: node.min, maxLength: node.min + 1 })
        .map((all) => all.flat());
    case 'anchor':
      return fc.constant([]);
    default:
      return fc.constantFrom(...charactersOf(node)).map((character) => [character]);
  }
}

function inTurn(nodes: readonly Node[]): fc.Arbitrary<readonly string[]> {
  return fc.tuple(...nodes.map(piecesOf)).map((all) => all.flat());
}

function charactersOf(node: Node): readonly string[] {
  if (node.type === 'value') return [String.fromCodePoint(node.codePoint)];
  if (node.type === 'characterClassRange') return [...charactersOf(node.min), ...charactersOf(node.max)];
  if (node.type === 'dot') return CHARACTERS;
  if (node.type === 'characterClassEscape')
    return CHARACTERS.filter((character) => new RegExp(`\\${node.value}`).test(character));
  if (node.type !== 'characterClass') throw new Error(`no characters in ${node.type}`);
  const own = node.body.flatMap(charactersOf);
  return node.negative ? CHARACTERS.filter((character) => !own.includes(character)) : own;
}

/**
 * Generates strings that have `length` characters and almost match: the beginning of a match, then one part of the
 * match repeated many times, and an end that does not match. A backtracking engine takes longest to reject such
 * strings.
 */
export function pumped({ source, flags }: RegExp, length: number): fc.Arbitrary<string> {
  const tree = regjsparser.parse(source, flags as '', { namedGroups: true, lookbehind: true }) as Node;
  return fc.tuple(piecesOf(tree), fc.nat(), fc.nat(), fc.nat(8)).map(([pieces, start, width, from]) => {
    const to = start % (pieces.length + 1);
    const pump = pieces.slice(to, to + 1 + (width % (pieces.length + 1))).join('') || ' ';
    const before = pieces.slice(from === 0 ? to : 0, to).join('');
    return `${before}${pump.repeat(Math.ceil(length / pump.length))}`.slice(0, length) + '\u0001';
  });
}
