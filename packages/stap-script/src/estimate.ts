import { ScriptError } from './errors.ts';
import type { ResolvedOptions } from './resolve.ts';

/**
 * Bytes of text for a sample of about 30 frames with symbols and modules. Measured with C and C++ programs: 1.7–2.7 KB.
 */
const BYTES_PER_SAMPLE = 2400;
/** The same frames, as addresses only. */
const BYTES_PER_SAMPLE_OF_ADDRESSES = 550;
/** The number of frames in such a sample. */
const TYPICAL_FRAMES = 30;
/**
 * Instructions for unwinding, naming and printing a frame. The laboratory counted 280 000 for a sample of 22 frames.
 */
const INSTRUCTIONS_PER_FRAME = 12_700;
/** Instructions per second of a current CPU; an emulated one runs a tenth of that. */
const INSTRUCTIONS_PER_SECOND = 3e9;
/** SystemTap ends a script whose probes take a larger share of a CPU: "probe overhead exceeded threshold". */
const OVERHEAD_LIMIT = 0.5;
/** Relay buffers are large enough for a reader that stalls this long. */
const STALL_SECONDS = 8;
/** The size of relay buffers is given in whole MiB (`-s`); there is one for each CPU. */
const MEBIBYTE = 2 ** 20;
/**
 * The length of a string. It holds about 133 user or 105 kernel addresses; a longer stack loses its root end. SystemTap
 * 5.6 has a buffer of this size on the kernel's stack, where Debian's kernels allow frames of at most 2048 bytes.
 */
export const AGGREGATE_STRING = 2000;
/** Kernel addresses that fit into such a string: `0x`, sixteen digits and a blank each. */
export const ADDRESSES_OF_A_STRING: number = Math.floor((AGGREGATE_STRING - 1) / 19);
/** Distinct stacks that a table in the kernel holds, if memory allows. */
const AGGREGATE_ENTRIES = 5000;
/** Each entry is preallocated once for each CPU and once for the sum. */
const entryBytes = (parts: number): number => parts * AGGREGATE_STRING + 64;
/**
 * A module's symbol and unwind tables are about as large as those sections of its file: 1–3 MiB for libc and for a
 * program.
 */
const MODULE_BYTES = 2 * MEBIBYTE;
const KERNEL_TABLE_BYTES = 8 * MEBIBYTE;

/** The cost of a script. Totals need the number of CPUs. */
export interface CostEstimate {
  /** Samples per second on each busy CPU; unknown (`undefined`) for waiting. */
  readonly samplesPerSecondPerCpu: number | undefined;
  /** Bytes of trace text per second on each busy CPU. */
  readonly bytesPerSecondPerCpu: number | undefined;
  /** The share of a busy CPU's time that samples of 30 frames take; unknown (`undefined`) for waiting. */
  readonly cpuShare: number | undefined;
  /** The same with all CPUs busy in the target. */
  readonly bytesPerSecond: number | undefined;
  readonly kernelBytesPerCpu: number;
  /** Kernel memory that does not depend on the number of CPUs: tables of symbols and of stacks. */
  readonly kernelBytesFixed: number;
  readonly kernelBytes: number | undefined;
}

/** The chosen way to run the script, and its cost. */
export interface Plan {
  readonly mode: 'stream' | 'aggregate';
  readonly bufferMebibytes: number;
  readonly mapEntries: number;
  readonly estimate: CostEstimate;
  /** Notes for the user, such as why the plan differs from the request. */
  readonly notes: readonly string[];
}

/** Chooses the mode and the buffer sizes; throws `TOO_COSTLY`. */
export function plan(options: ResolvedOptions): Plan {
  const notes: string[] = [];
  // user frames of a command can no longer be named once it has ended
  const unnamed = options.target.kind === 'command' && options.user && options.seconds === undefined;
  const counted = options.limit !== undefined;
  if (counted && unnamed)
    notes.push(
      'limit: frames of a command cannot be named once it has ended; each sample is printed instead',
    );
  let mode = options.mode ?? (counted && !unnamed ? 'aggregate' : 'stream');
  let chosen = cost(options, mode);
  if (mode === 'aggregate' && options.mode === undefined && overMemory(options, chosen)) {
    mode = 'stream';
    chosen = cost(options, mode);
    notes.push('limit: tables in the kernel would exceed maxKernelMemory; each sample is printed instead');
  }
  refuse(options, chosen.estimate);
  notes.push(...overhead(options));
  return { mode, ...chosen, notes };
}

type Cost = Omit<Plan, 'mode' | 'notes'>;

function cost(options: ResolvedOptions, mode: Plan['mode']): Cost {
  const { frequency, cpus, kind, maxKernelMemory, kernel, modules } = options;
  const samples = kind === 'on-cpu' ? frequency : undefined;
  const tables = modules.length * MODULE_BYTES + (kernel ? KERNEL_TABLE_BYTES : 0);
  const sampleBytes = options.addresses ? BYTES_PER_SAMPLE_OF_ADDRESSES : BYTES_PER_SAMPLE;
  const rate = samples === undefined ? undefined : mode === 'stream' ? samples * sampleBytes : 0;
  const room = cpus === undefined ? Infinity : Math.floor((maxKernelMemory - tables) / cpus / MEBIBYTE);
  const wanted = mode === 'aggregate' ? 2 : Math.ceil(((rate ?? 1e6) * STALL_SECONDS) / MEBIBYTE);
  const bufferMebibytes = Math.max(1, Math.min(wanted, room, 64));
  const parts = Number(options.user) + Number(kernel);
  let mapEntries = 0;
  let perCpu = bufferMebibytes * MEBIBYTE;
  let fixed = tables;
  if (mode === 'aggregate') {
    const left = maxKernelMemory - tables - perCpu * (cpus ?? 1);
    const fitting = Math.floor(left / entryBytes(parts) / ((cpus ?? 1) + 1));
    mapEntries = Math.max(options.limit ?? 1024, Math.min(AGGREGATE_ENTRIES, fitting));
    perCpu += mapEntries * entryBytes(parts);
    fixed += mapEntries * entryBytes(parts);
  }
  if (kind === 'off-cpu') fixed += OFF_CPU_THREADS * (AGGREGATE_STRING + 128);
  return {
    bufferMebibytes,
    mapEntries,
    estimate: {
      samplesPerSecondPerCpu: samples,
      bytesPerSecondPerCpu: rate,
      cpuShare: samples === undefined ? undefined : shareOfCpu(samples, TYPICAL_FRAMES),
      bytesPerSecond: rate === undefined || cpus === undefined ? undefined : rate * cpus,
      kernelBytesPerCpu: perCpu,
      kernelBytesFixed: fixed,
      kernelBytes: cpus === undefined ? undefined : perCpu * cpus + fixed,
    },
  };
}

function shareOfCpu(hz: number, frames: number): number {
  return (hz * frames * INSTRUCTIONS_PER_FRAME) / INSTRUCTIONS_PER_SECOND;
}

/** Warns about a rate at which the deepest stacks would end the script. */
function overhead({ kind, frequency, maxBacktrace }: ResolvedOptions): readonly string[] {
  const share = shareOfCpu(frequency, maxBacktrace);
  if (kind === 'off-cpu' || share <= OVERHEAD_LIMIT) return [];
  const deepest = Math.floor((maxBacktrace * OVERHEAD_LIMIT) / share);
  // half of the allowed share, to leave room for slower CPUs
  const fitting = Math.max(1, Math.floor((frequency * OVERHEAD_LIMIT) / share / 2));
  return [
    `frequency: at ${frequency} Hz, stacks of more than about ${deepest} frames take over half of a CPU, for which ` +
      `SystemTap ends the run ("probe overhead exceeded threshold"); ${fitting} Hz fits stacks of ${maxBacktrace} frames`,
  ];
}

/** The most threads that may wait at the same time. */
export const OFF_CPU_THREADS = 4096;

function overMemory(options: ResolvedOptions, { estimate }: Cost): boolean {
  return (estimate.kernelBytes ?? 0) > options.maxKernelMemory;
}

function refuse(options: ResolvedOptions, estimate: CostEstimate): void {
  const { bytesPerSecond = 0, kernelBytes = 0 } = estimate;
  if (bytesPerSecond > options.maxRate)
    throw new ScriptError(
      'TOO_COSTLY',
      `frequency: ${options.frequency} Hz on ${options.cpus} CPUs write about ${megabytes(bytesPerSecond)} MB/s, ` +
        `more than maxRate (${megabytes(options.maxRate)} MB/s); lower frequency, or raise maxRate`,
      { option: 'frequency', limit: options.maxRate, needed: bytesPerSecond },
    );
  if (kernelBytes > options.maxKernelMemory)
    throw new ScriptError(
      'TOO_COSTLY',
      `maxKernelMemory: about ${mebibytes(kernelBytes)} MiB are needed on ${options.cpus} CPUs, more than ` +
        `${mebibytes(options.maxKernelMemory)} MiB; use mode stream, name fewer modules, or raise maxKernelMemory`,
      { option: 'maxKernelMemory', limit: options.maxKernelMemory, needed: kernelBytes },
    );
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
const mebibytes = (bytes: number): number => Math.ceil(bytes / MEBIBYTE);
