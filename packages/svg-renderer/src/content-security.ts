import { PAGE_SCRIPT_HASH, PAGE_STYLE_HASH } from './generated/page.ts';

/**
 * The script and the style of every picture of this release, as a content security policy names them:
 * `script-src 'sha256-…'; style-src 'sha256-…'`. All that differs between two pictures stands outside of both.
 * (The options bgcolors, fonttype, strokecolor and uicolor add a style attribute, for which a policy needs
 * `style-src 'unsafe-inline'`.)
 */
export const contentSecurityHashes: { readonly script: string; readonly style: string } = {
  script: PAGE_SCRIPT_HASH,
  style: PAGE_STYLE_HASH,
};
