import { labelOf } from '@stapflame/stacks';

/** A name's attributes, from a nameattr file. */
export interface NameAttributes {
  /** Text to show instead of the name and the count. */
  readonly title?: string;
  /** The link's URL (http or https). */
  readonly href?: string;
  /** The window or frame that the link opens in. */
  readonly target?: string;
}

const TARGETS = new Set(['_blank', '_self', '_parent', '_top']);

/**
 * Parses a file that was written for the nameattr option of flamegraph.pl: `name TAB attribute=value TAB …` lines. The
 * file may come from an untrusted source, so only the attributes title, href and target are used. Attributes that would
 * add markup or styles (id, class, g_extra, a_extra) and links other than http and https are left out.
 */
export function parseNameAttributes(text: string): ReadonlyMap<string, NameAttributes> {
  const attributes = new Map<string, NameAttributes>();
  for (const line of text.split(/\r?\n/)) {
    const [name = '', ...fields] = line.split('\t');
    if (fields.length === 0) continue;
    const values = new Map(fields.map((field) => splitAt(field, '=')));
    const title = values.get('title');
    const href = values.get('href');
    const target = values.get('target');
    attributes.set(labelOf(name), {
      ...(title !== undefined && { title }),
      ...(href !== undefined && isWebAddress(href) && { href }),
      ...(target !== undefined && TARGETS.has(target) && { target }),
    });
  }
  return attributes;
}

function splitAt(field: string, mark: string): [string, string] {
  const at = field.indexOf(mark);
  return at < 0 ? [field, ''] : [field.slice(0, at), field.slice(at + mark.length)];
}

function isWebAddress(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}
