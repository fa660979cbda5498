// What XML 1.0 cannot hold at all, and controls that a viewer may act on.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
// Marks that turn the direction of text, beyond the end of a name, too.
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const SPECIAL = /[&<>"']/g;
const ENTITY: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The text without what no XML file can hold. */
export function wellFormed(text: string): string {
  return text.replace(NOT_XML, '\ufffd').replace(LONE_SURROGATE, '\ufffd');
}

/**
 * The text as a reader sees it: what would turn the direction of other text is written out, as `\u202e`. Every text
 * that a stranger may have chosen is shown so. In the file's data and in folded text names stay as they are.
 */
export function shown(text: string): string {
  return wellFormed(text).replace(
    DIRECTION,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Any text as XML text or attribute value: nothing in it is markup. */
export function escapeXml(text: string): string {
  return wellFormed(text).replace(SPECIAL, (special) => ENTITY[special]!);
}

/** JSON as XML text: quotes stay as they are, which makes the bulk of a file smaller. */
export function escapeText(text: string): string {
  return text
    .replace(NOT_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
