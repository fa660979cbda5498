import { inflate } from './inflate.ts';

/** The bundled `main.ts`, deflated and base64-encoded. scripts/page.mjs inserts it here. */
declare const PACKED_SCRIPT: string;

// Insert the script as an inline script next to this one, so that a policy can allow it by its hash.
const loader = document.currentScript;
if (loader?.parentNode instanceof SVGSVGElement) {
  const script = document.createElementNS('http://www.w3.org/2000/svg', 'script');
  script.textContent = inflate(atob(PACKED_SCRIPT));
  loader.after(script);
  script.remove();
}
