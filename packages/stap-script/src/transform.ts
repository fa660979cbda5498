import { Transform, type TransformCallback } from 'node:stream';
import type { ScriptOptions } from './options.ts';
import { generateScript } from './script.ts';

/** Creates a stage that converts each options object to script text. Errors are `ScriptError`s. */
export function createScriptGenerator(): Transform {
  return new Transform({
    writableObjectMode: true,
    transform(options: ScriptOptions, _encoding: BufferEncoding, done: TransformCallback): void {
      try {
        done(null, generateScript(options).text);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
