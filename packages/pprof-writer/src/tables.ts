import { Numbered, type Frame } from '@stapflame/stacks';
import { emptyTableToken, Profile, StringTable } from 'pprof-format';
import type { FunctionInput, LocationInput, MappingInput, ProfileInput } from 'pprof-format';

const ADDRESS = /^0x[0-9a-f]{1,16}$/i;
/**
 * The most names, functions and locations that are kept. Forgotten ones are written again, and readers merge the
 * copies.
 */
const MOST_KEYS = 1 << 15;

/**
 * The tables of a profile: strings, mappings, functions and locations, each written when it is first needed. A protobuf
 * message may be split into several messages of the same kind, so a profile is written as many small ones.
 */
export class Tables {
  readonly #strings = new Numbered(0, MOST_KEYS);
  readonly #mappings = new Numbered(1, MOST_KEYS);
  readonly #functions = new Numbered(1, MOST_KEYS);
  readonly #locations = new Numbered(1, MOST_KEYS);
  #newStrings = new StringTable(emptyTableToken);
  #new = { mapping: [] as MappingInput[], function: [] as FunctionInput[], location: [] as LocationInput[] };

  constructor() {
    this.string(''); // must be the first
  }

  string(text: string): number {
    return this.#strings.numberOf(text, () => void this.#newStrings.dedup(text));
  }

  /** The location of a frame and the frames inlined into it, leaf first. */
  location(frames: readonly Frame[]): number {
    const { address: printed = '', ...physical } = frames.at(-1)!;
    const mappingId = this.#mapping(physical);
    const address = ADDRESS.test(printed) ? BigInt(printed) : 0n;
    const line = frames.map((frame) => ({ functionId: this.#function(frame), line: frame.line ?? 0 }));
    const key = [mappingId, address, ...line.flatMap((each) => [each.functionId, each.line])].join(' ');
    return this.#locations.numberOf(key, (id) => this.#new.location.push({ id, mappingId, address, line }));
  }

  /** The mapping of a file with code. The memory addresses of modules are not known. */
  #mapping({ module, buildId = '', kernel }: Omit<Frame, 'label'>): number {
    const filename = module ?? (kernel === true ? '[kernel]' : undefined);
    if (filename === undefined) return 0;
    return this.#mappings.numberOf(`${buildId} ${filename}`, (id) => {
      const names = { filename: this.string(filename), buildId: this.string(buildId) };
      // prevents pprof from looking up addresses that it cannot place
      this.#new.mapping.push({ id, ...names, hasFunctions: true });
    });
  }

  /** Has no system name: if both names were equal, pprof would drop arguments of C++ names and merge overloads. */
  #function({ label, file = '' }: Frame): number {
    return this.#functions.numberOf(`${label}\0${file}`, (id) => {
      this.#new.function.push({ id, name: this.string(label), filename: this.string(file) });
    });
  }

  /** Everything new since the last call, together with other fields of the profile. */
  take(fields: ProfileInput = {}): Uint8Array {
    const part = new Profile({ ...fields, ...this.#new, stringTable: this.#newStrings });
    this.#newStrings = new StringTable(emptyTableToken);
    this.#new = { mapping: [], function: [], location: [] };
    return part.encode();
  }
}
