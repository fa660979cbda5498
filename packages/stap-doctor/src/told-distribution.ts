import type { Distribution } from './machine.ts';

/** Patterns that show which distribution a message comes from, most reliable first. */
const SIGNS: readonly (readonly [RegExp, (match: RegExpExecArray) => Distribution])[] = [
  // patterns in package and kernel names
  [/\.fc(\d{1,2})(?!\d)/, ([, version]) => ({ id: 'fedora', version: version! })],
  [/\.el(\d{1,2})(?!\d)/, ([, version]) => ({ id: 'rhel', version: version! })],
  [/[+~]deb(\d{1,2})(?!\d)/, ([, version]) => ({ id: 'debian', version: version! })],
  [/\d-generic\b|\bUbuntu\b/, () => ({ id: 'ubuntu' })],
  [/\d-(?:cloud-|rt-)?(?:amd64|arm64)\b|\bDebian\b/, () => ({ id: 'debian' })],
  [/\d-default\b|\bopenSUSE\b|\bzypper\b/, () => ({ id: 'suse' })],
  [/\d-arch\d+-\d/, () => ({ id: 'arch' })],
  // patterns in paths, and in the output of package managers
  [/\/usr\/src\/kernels\/|^Loaded plugins: |\byum install\b|\bYumRepo\b/, () => ({ id: 'rhel' })],
  [
    /\/usr\/src\/linux-headers-|^E: Unable to locate package |^Reading package lists\.\.\./,
    () => ({ id: 'debian' }),
  ],
];

/** Distinguishes CentOS from Red Hat Enterprise Linux. Their packages have the same names. */
const CENTOS = /\bcentos\b/i;

/** Reads lines and finds out which distribution they come from. */
export class ToldDistribution {
  #rank = SIGNS.length;
  #distribution: Distribution | undefined;
  #isCentos = false;

  read(line: string): void {
    this.#isCentos ||= CENTOS.test(line);
    for (let rank = 0; rank < this.#rank; rank++) {
      const [sign, distributionOf] = SIGNS[rank]!;
      const match = sign.exec(line);
      if (!match) continue;
      this.#rank = rank;
      this.#distribution = distributionOf(match);
    }
  }

  /** The distribution, or `undefined` if no line has identified it so far. */
  get distribution(): Distribution | undefined {
    const told = this.#distribution;
    return this.#isCentos && (told === undefined || told.id === 'rhel') ? { ...told, id: 'centos' } : told;
  }
}
