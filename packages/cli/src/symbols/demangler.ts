/**
 * The part of the symbols stage that demangling needs. Loading the name lookup, which the stage also exports, would
 * triple the amount of code.
 */
export { compileDemangler, Demangler } from '@stapflame/symbols';
