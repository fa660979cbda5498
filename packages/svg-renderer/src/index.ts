export { RendererError, type RendererErrorCode } from './errors.ts';
export { rendererOptionDocs, type OptionDoc, type RendererOptions } from './options.ts';
export { FlameGraphRenderer, renderFlameGraph, type RendererSummary } from './renderer.ts';
export { createFlameGraphRenderer, FlameGraphStream } from './transform.ts';
