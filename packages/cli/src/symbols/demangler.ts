/**
 * The parts of the stage that demangling needs. The stage's index also names the lookup in files, which loads
 * three times as much.
 */
export { compileDemangler, Demangler } from '@stapflame/symbols';
