/**
 * Draws stacks as a flame graph in SVG. The boxes, the palettes and the picture's script are internal.
 */
export { contentSecurityHashes } from './content-security.ts';
export { isPicture, tabbedPage, type NamedPicture } from './picture/container.ts';
export { RendererError, type RendererErrorCode } from './errors.ts';
export { rendererOptionDocs, type OptionDoc } from './option-docs.ts';
export type { RendererOptions } from './options.ts';
export {
  FlameGraphRenderer,
  renderFlameGraph,
  type RendererInput,
  type RendererSummary,
} from './renderer.ts';
export type { DetailsOfLabel } from './picture/details.ts';
export { LabelDetails } from './tree/label-details.ts';
export type { NameDetails } from './tree/name-details.ts';
export type { BoxCounts, FunctionTest, TestBoxes, TestFunctions } from './picture/significance.ts';
export { createFlameGraphRenderer, FlameGraphStream } from './stream.ts';
