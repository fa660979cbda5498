export { ScriptError, type ScriptErrorCode } from './errors.ts';
export type { CostEstimate } from './estimate.ts';
export { codeMappings, mappedFiles, type CodeMapping } from './maps.ts';
export {
  SCRIPT_OPTIONS,
  type OptionDocumentation,
  type RootFrame,
  type SamplingEvent,
  type ScriptOptions,
} from './options.ts';
export { generateScript, type SamplingScript } from './script.ts';
export { createScriptGenerator } from './transform.ts';
