import { openOutput, type Output } from './output.ts';
import { onSecondSignal } from './signals.ts';

/**
 * Opens the output and lets `work` write it. The file gets its final name only if everything succeeds.
 *
 * @param mode the file's exact permissions; by default, those of the replaced file, or the usual ones
 */
export async function withOutput(
  file: string | undefined,
  work: (output: Output) => Promise<void>,
  mode?: number,
): Promise<void> {
  const output = await openOutput(file, mode);
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
