/** The part of the symbols stage that the name lookup needs. */
export { FileLookup, KnownCode, NameLookup } from '@stapflame/symbols';
