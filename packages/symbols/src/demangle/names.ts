import { isLabel, isLeafLabel, labelOf, leafLabelOf } from '@stapflame/stacks';
import type { ResolvedDemanglerOptions } from '../options.ts';
import { clonesText, findMangled, splitClones, withoutClones, withoutRustHash } from './mangled.ts';
import { namesOnly } from './names-only.ts';
import type { WasmDemangler } from './wasm-demangler.ts';

/** Maximum size of the name cache, in UTF-16 code units. A full cache is cleared. */
const REMEMBERED = 1 << 18;

/** Demangles names in labels and symbols. The same input always gives the same result. */
export class Names {
  readonly #options: ResolvedDemanglerOptions;
  readonly #demangler: WasmDemangler;
  /** A cache of demangled names, because many frames in many tables share a symbol. */
  readonly #known = new Map<string, string>();
  #size = 0;

  constructor(options: ResolvedDemanglerOptions, demangler: WasmDemangler) {
    this.#options = options;
    this.#demangler = demangler;
  }

  /** Whether demangling would change this label. */
  concern(label: string): boolean {
    const { style, mergeClones } = this.#options;
    return (
      (style !== 'mangled' && (findMangled(label) !== undefined || withoutRustHash(label) !== label)) ||
      (mergeClones && withoutClones(label) !== label)
    );
  }

  /** Whether demangling was stopped because too many names took too long. */
  get gaveUp(): boolean {
    return this.#demangler.gaveUp;
  }

  /** Returns a label with its name demangled. A label that is valid for a leaf stays valid for a leaf. */
  label(label: string): string {
    const text = this.#named(label);
    if (text === label) return label;
    const clean = isLabel(text) ? text : labelOf(text);
    return this.#unlessMangledTwice(isLeafLabel(label) ? leafLabelOf(clean) : clean, label);
  }

  /** Returns a symbol, or a string that contains a symbol, with the name demangled. */
  symbol(text: string): string {
    return this.#unlessMangledTwice(this.#named(text), text);
  }

  /** Returns the new name, or the given string if demangling the new name again would change it. */
  #unlessMangledTwice(named: string, given: string): string {
    return this.#named(named) === named ? named : given;
  }

  #named(text: string): string {
    const { style, mergeClones } = this.#options;
    const merged = mergeClones ? withoutClones(text) : text;
    if (style === 'mangled') return merged;
    const found = findMangled(merged);
    return found ? `${found.before}${this.#nameOf(found.name)}${found.after}` : withoutRustHash(merged);
  }

  #nameOf(mangled: string): string {
    const known = this.#known.get(mangled);
    if (known !== undefined) return known;
    const [plain, clones] = splitClones(mangled);
    const full = this.#demangler.demangle(plain);
    const name = full === undefined ? mangled : this.#styled(full) + clonesText(clones);
    this.#remember(mangled, name);
    return name;
  }

  #styled(full: string): string {
    return this.#options.style === 'names' ? namesOnly(full) : full;
  }

  #remember(mangled: string, name: string): void {
    this.#size += mangled.length + name.length;
    if (this.#size > REMEMBERED) {
      this.#known.clear();
      this.#size = mangled.length + name.length;
    }
    this.#known.set(mangled, name);
  }
}
