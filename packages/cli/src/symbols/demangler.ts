/**
 * The part of the symbols stage that demangling needs. The stage's index also exports the lookup in files, which would
 * load three times as much code.
 */
export { compileDemangler, Demangler } from '@stapflame/symbols';
