import type { PageData } from '../src/picture/document.ts';
import { unpackTree, type PackedTree } from '../src/picture/packed.ts';
import { Picture } from './picture.ts';

// In a page with several pictures, each picture contains this script; the script's parent element is its picture.
const script = document.currentScript;
const root = script?.parentNode;
if (root instanceof SVGSVGElement) {
  const metadata = root.querySelector('metadata')!;
  const data = JSON.parse(metadata.textContent) as Omit<PageData, 'tree'> & { readonly tree: PackedTree };
  new Picture(root, { ...data, tree: unpackTree(data.tree) }).start();
}
