export { RendererError, type RendererErrorCode } from './errors.ts';
export { rendererOptionDocs, type OptionDoc } from './option-docs.ts';
export type { RendererOptions } from './options.ts';
export { FlameGraphRenderer, renderFlameGraph, type RendererSummary } from './renderer.ts';
export { createFlameGraphRenderer, FlameGraphStream } from './transform.ts';
