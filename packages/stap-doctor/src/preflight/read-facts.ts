import { DoctorError } from '../errors.ts';
import { parseOsRelease, type Machine } from '../machine.ts';
import { readModules } from '../symbols/read-modules.ts';
import type { Facts, KernelConfig, KernelFacts, SystemTapFacts, TargetFacts, UserFacts } from './facts.ts';
import { abandonedModules } from './abandoned-modules.ts';
import { END } from './probe.ts';
import { readSections } from './sections.ts';

/** Returns a section's lines, or an empty list if there is no such section. */
type Lines = (name: string) => readonly string[];

/** Reads the probe's output. Throws `PROBE_INCOMPLETE` if its end is missing. */
export function readFacts(text: string): Facts {
  const sections = readSections(text);
  if (sections.at(-1)?.name !== END)
    throw new DoctorError(
      'PROBE_INCOMPLETE',
      `expected the probe's output to end with [${END}], got ${text.length} characters without it; check whether the shell on that machine prints other text, and whether the connection was lost`,
    );
  const byName = new Map(sections.map(({ name, lines }) => [name, lines]));
  const lines: Lines = (name) => byName.get(name) ?? [];
  const kernel = readKernel(lines);
  const user = readUser(lines);
  const machineOf = (section: string): Machine => ({
    distribution: parseOsRelease(lines(section).join('\n')),
    kernel: kernel.release,
    root: user.uid === 0,
  });
  const machine = machineOf('os-release');
  return {
    kernel,
    user,
    machine,
    systemtap: readSystemTap(lines),
    programs: new Set(lines('programs').map(baseName)),
    debuginfodUrls: words(lines('debuginfod')[0]),
    target: byName.has('target-status') ? readTarget(lines) : undefined,
    modules: readModules(sections),
    moduleMachine: byName.has('module-os-release') ? machineOf('module-os-release') : machine,
  };
}

function readKernel(lines: Lines): KernelFacts {
  return {
    release: lines('release')[0] ?? '',
    machine: lines('machine')[0] ?? '',
    config: readConfig(lines('config')),
    headers: lines('headers').map(baseName),
    headersPackaged: yesOrNo(lines('headers-package')[0]),
    taskWorkRenamed: lines('header-rename').length > 0,
    systemMap: lines('system-map')[0],
    kallsyms: /^0*[1-9a-f]/i.test(lines('kallsyms')[0]?.split(' ')[0] ?? ''),
    kptrRestrict: number(lines('kptr')[0]),
    lockdown: /\[(\w+)\]/.exec(lines('lockdown')[0] ?? '')?.[1],
    // the variable's value follows four bytes of attributes
    secureBoot: words(lines('secure-boot')[0]).at(-1) === '1',
    signaturesForced: lines('signatures')[0] === 'Y',
    modulesDisabled: lines('modules-disabled')[0] === '1',
    yama: number(lines('yama')[0]),
  };
}

function readConfig([file, ...settings]: readonly string[]): KernelConfig | undefined {
  if (file === undefined) return undefined;
  const options = new Map<string, string>();
  for (const setting of settings) {
    const [, unset, name, value] = /^(# )?CONFIG_(\w+)(?:=(.*)| is not set)$/.exec(setting) ?? [];
    if (name !== undefined) options.set(name, unset === undefined ? value! : 'n');
  }
  return { file, options };
}

function readUser(lines: Lines): UserFacts {
  const status = fields(lines('process'));
  return {
    name: lines('user')[0] ?? '',
    uid: number(lines('uid')[0]) ?? -1,
    groups: words(lines('groups')[0]),
    capabilities: BigInt(`0x${/^[0-9a-f]+$/.exec(status.get('CapEff') ?? '')?.[0] ?? '0'}`),
    noNewPrivileges: status.get('NoNewPrivs') === '1',
    sudo: yesOrNo(lines('sudo')[0]),
    container: lines('container')[0],
  };
}

function readSystemTap(lines: Lines): SystemTapFacts {
  const text = lines('stap').join('\n');
  const [, mode, owner, path] = /^(\S{10,11}) +\d+ +(\d+) .*? (\/.*)$/.exec(lines('staprun')[0] ?? '') ?? [];
  const [runtime, ...files] = lines('runtime');
  return {
    version: /version (\d+(?:\.\d+)+)/.exec(text)?.[1],
    testedUpTo: /^tested kernel versions: \S+ \.\.\. (\S+)$/m.exec(text)?.[1],
    staprun: mode === undefined ? undefined : { path: path!, mode, ownerUid: Number(owner) },
    abandonedModules: abandonedModules(lines('loaded').join('\n')),
    runtime,
    runtimeKnowsRename: files.length > 0,
  };
}

function readTarget(lines: Lines): TargetFacts {
  const status = fields(lines('target-status'));
  return {
    state: stateOf(status),
    name: status.get('Name') ?? '',
    uid: number(status.get('Uid')?.split('\t')[0]),
    tracer: number(status.get('TracerPid')) ?? 0,
    executable: lines('target-exe')[0],
    mapsReadable: lines('target-maps').length > 0,
    root: lines('target-root')[0],
  };
}

function stateOf(status: ReadonlyMap<string, string>): TargetFacts['state'] {
  if (status.size === 0) return 'gone';
  const state = status.get('State') ?? '';
  if (/^[ZX]/.test(state)) return 'zombie';
  // kernel threads have no user memory
  return status.has('VmSize') ? 'running' : 'kernel-thread';
}

/** Parses lines with a name, a colon and a value, as in /proc/PID/status. */
function fields(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()]];
    }),
  );
}

function yesOrNo(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'yes';
}

function words(line: string | undefined): readonly string[] {
  return (line ?? '').split(/\s+/).filter(Boolean);
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
