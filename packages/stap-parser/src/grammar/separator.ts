/** Recognises lines printed between samples by users' scripts: `-----`, `>>>`, `349 pools leaked at backtrace:`. */

const LOOKS_LIKE_ONE = /^\s*([-=>*~_#+.])\1\1|^\d+ .*:$/;
const RUN = /([-=>*~_#+.])\1\1+|\d+|[^\d]/gy;
const SPECIAL = /[\\^$.*+?()[\]{}|/]/;

/**
 * If the line looks like a separator between samples, returns a regular expression that matches such lines. The line's
 * first number becomes a group for the count:
 *
 *     ---- 2830 ----                    ^-+ (\d+) -+$
 *     349 pools leaked at backtrace:    ^(\d+) pools leaked at backtrace:$
 */
export function separatorLike(line: string): string | undefined {
  if (line.length > 200 || !LOOKS_LIKE_ONE.test(line)) return undefined;
  let counted = false;
  const parts = Array.from(line.matchAll(RUN), ([text, run]) => {
    if (run !== undefined) return `${escaped(run)}+`;
    if (!/^\d/.test(text)) return escaped(text);
    if (counted) return '\\d+';
    counted = true;
    return '(\\d+)';
  });
  return `^${parts.join('')}$`;
}

function escaped(text: string): string {
  return SPECIAL.test(text) ? `\\${text}` : text;
}
