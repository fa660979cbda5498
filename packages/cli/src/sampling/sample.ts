import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { regularFiles, temporaryDirectory } from '@stapflame/stap-runner';
import type { ScriptOptions } from '@stapflame/stap-script';
import type { RecordFlags } from '../commands/record-options.ts';
import type { CliError } from '../exit.ts';
import { onFirstSignal, onSecondSignal } from '../io/signals.ts';
import { adviceOn, findingsOf, missingModules } from './advice.ts';
import { Countdown } from './countdown.ts';
import { fitted } from './fit.ts';
import { withKernelNames } from './kernel-names.ts';
import { commandNote, problemOf, problemOrLossOf } from './outcome.ts';
import { findPlaces, type Closed, type Place } from './place.ts';
import { Saving } from './save.ts';
import { startSampling, type End } from './sampling.ts';
import { refuseForeignTemporaryDirectory } from './trust.ts';

/** Writes a trace to its destination. */
export type Deliver = (trace: Readable) => Promise<void>;

/**
 * Samples, and passes the trace to `deliver` exactly once. If there was a problem but a trace was delivered, returns
 * the error instead of throwing it.
 *
 * @param words the command's arguments; suggested commands repeat them, with additions
 */
export async function sample(
  options: ScriptOptions,
  flags: RecordFlags,
  words: readonly string[],
  deliver: Deliver,
): Promise<CliError | undefined> {
  await refuseForeignTemporaryDirectory();
  const countdown = new Countdown(flags.quiet === true, options.seconds);
  const places: (Place | Closed)[] = [];
  // The machines are checked one after the other, because each check may ask the user a question.
  for (const place of await findPlaces(flags, options))
    places.push(await withKernelNames(await fitted(place, flags, countdown), countdown));
  const saving = flags.save === undefined ? undefined : await Saving.begin(flags.save, places, options);
  const problem =
    flags.rerun === true
      ? await sampleAgain(places, options, flags, words, countdown, deliver)
      : await sampleOnce(places, options, flags, words, countdown, deliver);
  for (const line of (await saving?.finish()) ?? []) countdown.insist(line);
  return problem;
}

async function sampleOnce(
  places: readonly (Place | Closed)[],
  options: ScriptOptions,
  flags: RecordFlags,
  words: readonly string[],
  countdown: Countdown,
  deliver: Deliver,
): Promise<CliError | undefined> {
  const advise = (ends: readonly End[]): void => {
    for (const line of adviceOn(findingsOf(ends, options), words, options, flags)) countdown.insist(line);
  };
  const { ends } = await run(places, countdown, deliver, advise);
  advise(ends);
  return problemOrLossOf(ends);
}

/** Samples again if symbols were missing. The first trace is kept in case the second run fails. */
async function sampleAgain(
  places: readonly (Place | Closed)[],
  options: ScriptOptions,
  flags: RecordFlags,
  words: readonly string[],
  countdown: Countdown,
  deliver: Deliver,
): Promise<CliError | undefined> {
  const directory = temporaryDirectory();
  const release = onSecondSignal(() => rmSync(directory, { recursive: true, force: true }));
  const file = (name: string): string => join(directory, name);
  const keep =
    (name: string): Deliver =>
    (trace) =>
      pipeline(trace, createWriteStream(file(name)));
  try {
    const first = await run(places, countdown, keep('first'));
    const missing = missingModules(findingsOf(first.ends, options));
    let [ends, name] = [first.ends, 'first'];
    const isOver = missing.length === 0 || first.stopped || problemOf(first.ends) !== undefined;
    const again = isOver ? places : await Promise.all(places.map((place) => withModules(place, missing)));
    if (again.some((place, i) => place !== places[i])) {
      countdown.say(`sampling once more with -d ${missing.join(' -d ')}`);
      const second = await run(again, countdown, keep('second'));
      if (problemOf(second.ends))
        countdown.insist('the second run failed, so the trace of the first run was written');
      else [ends, name] = [second.ends, 'second'];
    }
    await deliver(createReadStream(file(name)));
    for (const line of adviceOn(findingsOf(ends, options), words, options, flags)) countdown.insist(line);
    return problemOrLossOf(ends);
  } finally {
    // If files cannot be removed now, a later run will remove them.
    await rm(directory, { recursive: true, force: true }).catch(() => undefined);
    release();
  }
}

/**
 * Adds modules to a machine's script. Their paths come from the target and cannot be trusted. Only regular files are
 * added, so that stap, which usually runs as root, does not open a device or a pipe.
 */
async function withModules(place: Place | Closed, modules: readonly string[]): Promise<Place | Closed> {
  if ('exit' in place) return place;
  const { script, runner } = place;
  const { compileFor, ...where } = runner;
  const found = await regularFiles(compileFor === undefined ? where : {}, modules);
  if (found.length === 0) return place;
  return { ...place, script: { ...script, modules: [...(script.modules ?? []), ...found] } };
}

async function run(
  places: readonly (Place | Closed)[],
  countdown: Countdown,
  deliver: Deliver,
  advise?: (ends: readonly End[]) => void,
): Promise<{ ends: readonly End[]; stopped: boolean }> {
  const sampling = startSampling(places, countdown);
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    sampling.stop();
  };
  const release = [onFirstSignal(stop), onSecondSignal(() => sampling.abandon())];
  try {
    await countdown.during(sampling.tally, () => deliver(sampling.trace));
    const ends = await sampling.ends;
    for (const line of ends.flatMap(commandNote)) countdown.say(line);
    return { ends, stopped };
  } catch (error) {
    if (sampling.tally.samples > 0) throw error;
    // The stage that failed on the empty trace cannot know why it is empty, but how stap ended may explain it.
    const ends = await sampling.ends;
    advise?.(ends);
    throw problemOf(ends) ?? error;
  } finally {
    for (const each of release) each();
  }
}
