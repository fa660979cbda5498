/**
 * The part of the symbols stage that demangling needs. The stage also exports the name lookup. Loading it as well would
 * load three times as much code.
 */
export { compileDemangler, Demangler } from '@stapflame/symbols';
