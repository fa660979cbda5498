import { openOutput, type Output } from './output.ts';
import { onSecondSignal } from './signals.ts';

/** Opens the output, lets `work` fill it, and makes it visible only when all went well. */
export async function withOutput(
  file: string | undefined,
  inputs: readonly string[],
  work: (output: Output) => Promise<void>,
): Promise<void> {
  const output = await openOutput(file, inputs);
  const release = onSecondSignal(() => output.leave());
  try {
    await work(output);
    await output.commit();
  } catch (error) {
    await output.abandon();
    throw error;
  } finally {
    release();
  }
}
