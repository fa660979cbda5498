import { ScriptError } from './errors.ts';
import type { ResolvedOptions } from './resolve.ts';

/** Bytes of text per sample with about 30 frames. 1.7–2.7 KB were measured with C and C++ programs. */
const BYTES_PER_SAMPLE = 2400;
/** Bytes of text per sample with about 30 frames that are printed as addresses. */
const BYTES_PER_SAMPLE_OF_ADDRESSES = 550;
/** Number of frames in the sample that estimates are based on. */
const TYPICAL_FRAMES = 30;
/**
 * Number of instructions executed to unwind, name and print a frame. 280,000 were counted for a sample with 22 frames.
 */
const INSTRUCTIONS_PER_FRAME = 12_700;
/** Number of instructions that a current CPU executes per second. An emulated CPU executes a tenth as many. */
const INSTRUCTIONS_PER_SECOND = 3e9;
/**
 * Share of a CPU that probes are allowed to use. If they use more, SystemTap ends the script: "probe overhead exceeded
 * threshold".
 */
const OVERHEAD_LIMIT = 0.5;
/** The relay buffers can hold this many seconds' worth of data, in case their reader stalls. */
const STALL_SECONDS = 8;
/** The unit of `-s`, the size of each CPU's relay buffer. */
const MEBIBYTE = 2 ** 20;
/**
 * The maximum length of a string, enough for about 133 user or 105 kernel addresses. A longer stack loses its root end.
 * The limit cannot be higher, because SystemTap 5.6 has a buffer of this size in a C function's stack frame, and
 * Debian's kernels limit stack frames to 2048 bytes.
 */
export const AGGREGATE_STRING = 2000;
/**
 * Number of kernel addresses that fit into a string of the maximum length. Each address needs 19 bytes: `0x`, sixteen
 * digits and a blank.
 */
export const ADDRESSES_OF_A_STRING: number = Math.floor((AGGREGATE_STRING - 1) / 19);
/** Number of distinct stacks that a table in the kernel can hold if there is enough memory. */
const AGGREGATE_ENTRIES = 5000;
/** Bytes per table entry. There is one table for each CPU and one for the sum, all of them preallocated. */
const entryBytes = (parts: number): number => parts * AGGREGATE_STRING + 64;
/**
 * Typical size of a module's symbol and unwind tables. They are as large as the corresponding sections of the file: 1–3
 * MiB for libc.
 */
const MODULE_BYTES = 2 * MEBIBYTE;
const KERNEL_TABLE_BYTES = 8 * MEBIBYTE;

/** The cost of a script. Totals are `undefined` if the number of CPUs is unknown. */
export interface CostEstimate {
  /** Samples per second on each busy CPU, unknown (`undefined`) for off-CPU sampling. */
  readonly samplesPerSecondPerCpu: number | undefined;
  /** Bytes of trace text per second on each busy CPU. */
  readonly bytesPerSecondPerCpu: number | undefined;
  /** The share of a busy CPU's time that samples with 30 frames take, unknown (`undefined`) for off-CPU sampling. */
  readonly cpuShare: number | undefined;
  /** Bytes of trace text per second if the target keeps all CPUs busy. */
  readonly bytesPerSecond: number | undefined;
  readonly kernelBytesPerCpu: number;
  /** Kernel memory that does not depend on the number of CPUs, for tables of symbols and stacks. */
  readonly kernelBytesFixed: number;
  readonly kernelBytes: number | undefined;
}

/** The chosen mode and sizes, and their cost. */
export interface Plan {
  readonly mode: 'stream' | 'aggregate';
  readonly bufferMebibytes: number;
  readonly mapEntries: number;
  readonly estimate: CostEstimate;
  /** Notes for the user, such as why the plan differs from the request. */
  readonly notes: readonly string[];
}

/**
 * Chooses the mode and the buffer sizes. Throws `TOO_COSTLY` if the estimate exceeds `maxRate` or `maxKernelMemory`.
 */
export function plan(options: ResolvedOptions): Plan {
  const notes: string[] = [];
  // a command's user frames cannot be named after the command has ended
  const unnamed = options.target.kind === 'command' && options.user && options.seconds === undefined;
  const counted = options.limit !== undefined;
  if (counted && unnamed)
    notes.push(
      'limit: the frames of a command cannot be named after it has ended, so each sample is printed immediately',
    );
  let mode = options.mode ?? (counted && !unnamed ? 'aggregate' : 'stream');
  let chosen = cost(options, mode);
  if (mode === 'aggregate' && options.mode === undefined && overMemory(options, chosen)) {
    mode = 'stream';
    chosen = cost(options, mode);
    notes.push(
      'limit: the tables in the kernel would exceed maxKernelMemory, so each sample is printed immediately',
    );
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

/** Warns about a frequency that would make SystemTap end the script if stacks are very deep. */
function overhead({ kind, frequency, maxBacktrace }: ResolvedOptions): readonly string[] {
  const share = shareOfCpu(frequency, maxBacktrace);
  if (kind === 'off-cpu' || share <= OVERHEAD_LIMIT) return [];
  const deepest = Math.floor((maxBacktrace * OVERHEAD_LIMIT) / share);
  // suggest a frequency that takes half of the allowed share, because some CPUs are slower
  const fitting = Math.max(1, Math.floor((frequency * OVERHEAD_LIMIT) / share / 2));
  return [
    `frequency: at ${frequency} Hz, stacks of more than about ${deepest} frames need over half of a CPU, and SystemTap ` +
      `then ends the run ("probe overhead exceeded threshold"); ${fitting} Hz is low enough for stacks of ` +
      `${maxBacktrace} frames`,
  ];
}

/** Maximum number of threads whose waits can be measured at the same time. */
export const OFF_CPU_THREADS = 4096;

function overMemory(options: ResolvedOptions, { estimate }: Cost): boolean {
  return (estimate.kernelBytes ?? 0) > options.maxKernelMemory;
}

function refuse(options: ResolvedOptions, estimate: CostEstimate): void {
  const { bytesPerSecond = 0, kernelBytes = 0 } = estimate;
  if (bytesPerSecond > options.maxRate)
    throw new ScriptError(
      'TOO_COSTLY',
      `frequency: ${options.frequency} Hz on ${options.cpus} CPUs would write about ${megabytes(bytesPerSecond)} MB/s, ` +
        `more than maxRate (${megabytes(options.maxRate)} MB/s); use a lower frequency, or raise maxRate`,
      { option: 'frequency', limit: options.maxRate, needed: bytesPerSecond },
    );
  if (kernelBytes > options.maxKernelMemory)
    throw new ScriptError(
      'TOO_COSTLY',
      `maxKernelMemory: ${options.cpus} CPUs would need about ${mebibytes(kernelBytes)} MiB, more than ` +
        `${mebibytes(options.maxKernelMemory)} MiB; use mode stream, name fewer modules, or raise maxKernelMemory`,
      { option: 'maxKernelMemory', limit: options.maxKernelMemory, needed: kernelBytes },
    );
}

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
const mebibytes = (bytes: number): number => Math.ceil(bytes / MEBIBYTE);
