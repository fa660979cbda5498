// Characters that XML 1.0 forbids, and control characters that a viewer may interpret.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
// Marks that change the direction of text. A mark in a name also affects the text after the name.
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const SPECIAL = /[&<>"']/g;
const ENTITY: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Replaces characters that XML cannot contain. */
export function wellFormed(text: string): string {
  return text.replace(NOT_XML, '\ufffd').replace(LONE_SURROGATE, '\ufffd');
}

/**
 * Returns a string in the form that is shown to the user. Marks that would change the direction of other text are
 * replaced with escape sequences such as `\u202e`. All text from a trace is shown this way. In the picture's data and
 * in folded text, names stay unchanged.
 */
export function shown(text: string): string {
  return wellFormed(text).replace(
    DIRECTION,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Escapes a string for XML text and attribute values. */
export function escapeXml(text: string): string {
  return wellFormed(text).replace(SPECIAL, (special) => ENTITY[special]!);
}

/** Escapes JSON for XML text. Quotes stay unescaped, which makes files much smaller. */
export function escapeText(text: string): string {
  return text
    .replace(NOT_XML, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
