import { Numbered, type Frame } from '@stapflame/stacks';
import { emptyTableToken, Profile, StringTable } from 'pprof-format';
import type { FunctionInput, LocationInput, MappingInput, ProfileInput } from 'pprof-format';

const ADDRESS = /^0x[0-9a-f]{1,16}$/i;
/**
 * Maximum number of entries remembered for each table. A forgotten entry is written again when it is next needed, and
 * readers merge the copies.
 */
const MOST_KEYS = 1 << 15;

/**
 * A profile's tables: strings, mappings, functions and locations. Each entry is written when it is first needed.
 * Protobuf allows this: concatenated messages of the same type are read as one, so we write a profile as many small
 * messages.
 */
export class Tables {
  readonly #strings = new Numbered(0, MOST_KEYS);
  readonly #mappings = new Numbered(1, MOST_KEYS);
  readonly #functions = new Numbered(1, MOST_KEYS);
  readonly #locations = new Numbered(1, MOST_KEYS);
  #newStrings = new StringTable(emptyTableToken);
  #new = { mapping: [] as MappingInput[], function: [] as FunctionInput[], location: [] as LocationInput[] };

  constructor() {
    this.string(''); // must come first
  }

  string(text: string): number {
    return this.#strings.numberOf(text, () => void this.#newStrings.dedup(text));
  }

  /** Returns the location of a frame and of the frames inlined into it. `frames` starts at the leaf. */
  location(frames: readonly Frame[]): number {
    const { address: printed = '', ...physical } = frames.at(-1)!;
    const mappingId = this.#mapping(physical);
    const address = ADDRESS.test(printed) ? BigInt(printed) : 0n;
    const line = frames.map((frame) => ({ functionId: this.#function(frame), line: frame.line ?? 0 }));
    const key = [mappingId, address, ...line.flatMap((each) => [each.functionId, each.line])].join(' ');
    return this.#locations.numberOf(key, (id) => this.#new.location.push({ id, mappingId, address, line }));
  }

  /** Returns the mapping for the frame's module. It has no addresses, because the load address is not known. */
  #mapping({ module, buildId = '', kernel }: Omit<Frame, 'label'>): number {
    const filename = module ?? (kernel === true ? '[kernel]' : undefined);
    if (filename === undefined) return 0;
    return this.#mappings.numberOf(`${buildId} ${filename}`, (id) => {
      const names = { filename: this.string(filename), buildId: this.string(buildId) };
      // `hasFunctions` keeps pprof from looking up addresses, because the module's load address is not known
      this.#new.mapping.push({ id, ...names, hasFunctions: true });
    });
  }

  /**
   * Returns the frame's function. It is written without a system name: if its name and system name were equal, pprof
   * would drop the arguments of C++ names and merge overloads.
   */
  #function({ label, file = '' }: Frame): number {
    return this.#functions.numberOf(`${label}\0${file}`, (id) => {
      this.#new.function.push({ id, name: this.string(label), filename: this.string(file) });
    });
  }

  /** Returns everything added since the last call, together with the given profile fields. */
  take(fields: ProfileInput = {}): Uint8Array {
    const part = new Profile({ ...fields, ...this.#new, stringTable: this.#newStrings });
    this.#newStrings = new StringTable(emptyTableToken);
    this.#new = { mapping: [], function: [], location: [] };
    return part.encode();
  }
}
