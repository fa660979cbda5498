/** The parts of the stage that the lookup of names needs. */
export { FileLookup, KnownCode, NameLookup } from '@stapflame/symbols';
