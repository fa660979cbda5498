/** What demangling needs of its stage. The stage's index also names the lookup in files, which loads three times as much. */
export { compileDemangler, Demangler } from '@stapflame/symbols';
