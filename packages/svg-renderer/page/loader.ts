import { inflate } from './inflate.ts';

/** The script of `main.ts`, deflated and in base64. scripts/page.mjs inserts it. */
declare const PACKED_SCRIPT: string;

// Run as an inline script in the same place, it is allowed by a policy that lists its hash.
const loader = document.currentScript;
if (loader?.parentNode instanceof SVGSVGElement) {
  const script = document.createElementNS('http://www.w3.org/2000/svg', 'script');
  script.textContent = inflate(atob(PACKED_SCRIPT));
  loader.after(script);
  script.remove();
}
