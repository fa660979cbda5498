export { ScriptError, type ScriptErrorCode } from './errors.ts';
export type { ScriptOptions } from './options.ts';
export { generateScript, type SamplingScript } from './script.ts';
export { createScriptGenerator } from './transform.ts';
