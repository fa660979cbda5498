import { inflate } from './inflate.ts';

/** The script of `main.ts`, deflated, in base64: scripts/page.mjs puts it here. */
declare const PACKED_SCRIPT: string;

// The script runs where this one stands, as an inline script: a policy that names its hash allows it.
const loader = document.currentScript;
if (loader?.parentNode instanceof SVGSVGElement) {
  const script = document.createElementNS('http://www.w3.org/2000/svg', 'script');
  script.textContent = inflate(atob(PACKED_SCRIPT));
  loader.after(script);
  script.remove();
}
