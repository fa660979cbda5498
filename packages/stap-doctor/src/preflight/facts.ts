import type { Machine } from '../machine.ts';
import type { ModuleSymbols } from '../symbols/module.ts';

/**
 * Facts that the probe gathered about a machine. A field is `undefined` if what it describes could not be read or does
 * not exist.
 */
export interface Facts {
  readonly kernel: KernelFacts;
  readonly user: UserFacts;
  readonly systemtap: SystemTapFacts;
  /** Base names of the programs that were found. */
  readonly programs: ReadonlySet<string>;
  /** The machine's properties that determine which commands to suggest. */
  readonly machine: Machine;
  /** The URLs in the environment variable `DEBUGINFOD_URLS`. */
  readonly debuginfodUrls: readonly string[];
  /** The requested process. */
  readonly target: TargetFacts | undefined;
  /** The target's executable and libraries, followed by the requested files. */
  readonly modules: readonly ModuleSymbols[];
  /** The machine or container that holds the modules. Commands that get the modules' symbols are run there. */
  readonly moduleMachine: Machine;
}

export interface KernelFacts {
  /** The kernel release, as `uname -r` prints it. */
  readonly release: string;
  readonly machine: string;
  readonly config: KernelConfig | undefined;
  /** Which of the files `.config` and `Makefile` exist in the kernel's build tree. */
  readonly headers: readonly string[];
  /** Whether apt knows a package with the kernel headers; `undefined` if they are installed or there is no apt. */
  readonly headersPackaged: boolean | undefined;
  /**
   * Whether the kernel headers declare `task_work_cancel_func`, as they do in 6.11 and in stable kernels with a
   * backport.
   */
  readonly taskWorkRenamed: boolean;
  readonly systemMap: string | undefined;
  /** Whether /proc/kallsyms shows addresses to this user. */
  readonly kallsyms: boolean;
  readonly kptrRestrict: number | undefined;
  /** The lockdown mode: `none`, `integrity` or `confidentiality`. */
  readonly lockdown: string | undefined;
  readonly secureBoot: boolean;
  /** Whether the kernel refuses modules without a known signature. */
  readonly signaturesForced: boolean;
  /** Whether modules can no longer be loaded until the next boot. */
  readonly modulesDisabled: boolean;
  /** `kernel.yama.ptrace_scope`, from 0 to 3. */
  readonly yama: number | undefined;
}

/** The kernel's options that matter to SystemTap. */
export interface KernelConfig {
  /** The file that the options were read from. */
  readonly file: string;
  /**
   * Each option's value (`y`, `m` or `n`), by its name without `CONFIG_`. Options that the kernel does not know are
   * missing.
   */
  readonly options: ReadonlyMap<string, string>;
}

export interface UserFacts {
  readonly name: string;
  readonly uid: number;
  readonly groups: readonly string[];
  /** The capability bits in the `CapEff` field of /proc/self/status. */
  readonly capabilities: bigint;
  readonly noNewPrivileges: boolean;
  /** Whether `sudo -n` can run stap; `undefined` if there is no sudo. */
  readonly sudo: boolean | undefined;
  /** The kind of container that the probe runs in. */
  readonly container: string | undefined;
}

export interface SystemTapFacts {
  /** The version that `stap -V` prints, such as `4.8`. */
  readonly version: string | undefined;
  /** The newest kernel that SystemTap was tested with, such as `6.1.0-rc3`. SystemTap has reported this since 3.1. */
  readonly testedUpTo: string | undefined;
  readonly staprun: StaprunFacts | undefined;
  /** SystemTap modules that are loaded but unused. */
  readonly abandonedModules: readonly string[];
  /** The directory of SystemTap's runtime, if it was found. */
  readonly runtime: string | undefined;
  /** Whether the runtime knows `task_work_cancel_func`. */
  readonly runtimeKnowsRename: boolean;
}

interface StaprunFacts {
  readonly path: string;
  /** The mode as `ls -l` shows it, such as `-rwsr-x---`. */
  readonly mode: string;
  readonly ownerUid: number;
}

export interface TargetFacts {
  /** The state of the process; `gone` if no process has this PID. */
  readonly state: 'running' | 'zombie' | 'gone' | 'kernel-thread';
  readonly name: string;
  readonly uid: number | undefined;
  /** The PID of the process that traces the target, or 0. */
  readonly tracer: number;
  /** The executable's path; `undefined` if it cannot be read. */
  readonly executable: string | undefined;
  /** Whether the list of files that the target maps can be read. */
  readonly mapsReadable: boolean;
  /** `/proc/PID/root` if the target is in another mount namespace. */
  readonly root: string | undefined;
}
