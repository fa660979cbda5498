// The renderer as a stage and as a function, its options as types and as data for a command line, its errors. The
// boxes, palettes and the script of the picture are the package's own.
export { contentSecurityHashes } from './content-security.ts';
export { drawFolded, FoldedPicture, type ByteSource } from './draw-folded.ts';
export { RendererError, type RendererErrorCode } from './errors.ts';
export { rendererOptionDocs, type OptionDoc } from './option-docs.ts';
export type { RendererOptions } from './options.ts';
export { FlameGraphRenderer, renderFlameGraph, type RendererSummary } from './renderer.ts';
export type { StackColumns } from './stack-columns.ts';
export { createFlameGraphRenderer, FlameGraphStream } from './transform.ts';
