import type { Machine } from '../machine.ts';
import type { ModuleSymbols } from '../symbols/module.ts';

/** Facts that the probe gathered about a machine. A field is `undefined` if it could not be read or does not exist. */
export interface Facts {
  readonly kernel: KernelFacts;
  readonly user: UserFacts;
  readonly systemtap: SystemTapFacts;
  /** Base names of the programs found. */
  readonly programs: ReadonlySet<string>;
  /** The machine on which commands for it are typed. */
  readonly machine: Machine;
  /** `DEBUGINFOD_URLS` of the environment, split. */
  readonly debuginfodUrls: readonly string[];
  /** The requested process. */
  readonly target: TargetFacts | undefined;
  /** The executable and libraries of the target, then the requested files. */
  readonly modules: readonly ModuleSymbols[];
  /** The container or machine in which commands about the modules are typed. */
  readonly moduleMachine: Machine;
}

export interface KernelFacts {
  /** As `uname -r` prints it. */
  readonly release: string;
  readonly machine: string;
  readonly config: KernelConfig | undefined;
  /** Which of the files `.config` and `Makefile` exist in the kernel's build tree. */
  readonly headers: readonly string[];
  /** Whether apt knows a package with them; `undefined` if they are installed or there is no apt. */
  readonly headersPackaged: boolean | undefined;
  /** The headers have `task_work_cancel_func`, as in 6.11 and in stable kernels with a backport. */
  readonly taskWorkRenamed: boolean;
  readonly systemMap: string | undefined;
  /** Whether /proc/kallsyms shows this user addresses. */
  readonly kallsyms: boolean;
  readonly kptrRestrict: number | undefined;
  /** `none`, `integrity` or `confidentiality`. */
  readonly lockdown: string | undefined;
  readonly secureBoot: boolean;
  /** Modules without a known signature are refused. */
  readonly signaturesForced: boolean;
  /** No module can be loaded until the next boot. */
  readonly modulesDisabled: boolean;
  /** 0 to 3. */
  readonly yama: number | undefined;
}

/** The kernel's options that matter to SystemTap. */
export interface KernelConfig {
  /** The file that they were read from. */
  readonly file: string;
  /** `y`, `m` or `n` by name without `CONFIG_`; a name that the kernel does not know is missing. */
  readonly options: ReadonlyMap<string, string>;
}

export interface UserFacts {
  readonly name: string;
  readonly uid: number;
  readonly groups: readonly string[];
  /** Bits of `CapEff`. */
  readonly capabilities: bigint;
  readonly noNewPrivileges: boolean;
  /** Whether `sudo -n` runs stap; `undefined` without sudo. */
  readonly sudo: boolean | undefined;
  /** Kind of container the probe runs in. */
  readonly container: string | undefined;
}

export interface SystemTapFacts {
  /** Such as `4.8`, as `stap -V` prints it. */
  readonly version: string | undefined;
  /** The newest kernel that it was tested with, such as `6.1.0-rc3`. SystemTap reports this from 3.1 on. */
  readonly testedUpTo: string | undefined;
  readonly staprun: StaprunFacts | undefined;
  /** Its modules that are loaded but used by no process. */
  readonly abandonedModules: readonly string[];
  /** Directory of its runtime, if found. */
  readonly runtime: string | undefined;
  /** The runtime knows `task_work_cancel_func`. */
  readonly runtimeKnowsRename: boolean;
}

interface StaprunFacts {
  readonly path: string;
  /** As `ls -l` shows it, such as `-rwsr-x---`. */
  readonly mode: string;
  readonly ownerUid: number;
}

export interface TargetFacts {
  /** `gone` if there is no such process. */
  readonly state: 'running' | 'zombie' | 'gone' | 'kernel-thread';
  readonly name: string;
  readonly uid: number | undefined;
  /** Process that traces it; 0 without one. */
  readonly tracer: number;
  /** Path of the executable; `undefined` if it cannot be read. */
  readonly executable: string | undefined;
  /** Whether its list of mapped files can be read. */
  readonly mapsReadable: boolean;
  /** `/proc/PID/root` if it is in another mount namespace. */
  readonly root: string | undefined;
}
