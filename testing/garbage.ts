import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setImmediate } from 'node:timers/promises';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Whether nothing refers to the object any more. An object that was just used lives until the current job ends. */
export async function isGarbage(object: WeakRef<object>): Promise<boolean> {
  await setImmediate();
  collect();
  return object.deref() === undefined;
}
