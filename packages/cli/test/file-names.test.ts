import fc from 'fast-check';
import { expect, it } from 'vitest';
import { textOfBytes } from '@stapflame/stap-doctor';
import { isText, pathOf } from '../src/io/file-names.ts';

it('any bytes can be converted to a string and back, and valid UTF-8 becomes the text that it encodes', () => {
  const valid = fc
    .constantFrom('a', '\n', 'é', '\u0800', '\ufffd', '\u{10000}', '😀')
    .map((text) => Buffer.from(text));
  const piece = fc.oneof(valid, fc.uint8Array({ maxLength: 6 }));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const bytes = Buffer.concat(pieces);
      const name = textOfBytes(bytes);
      expect(Buffer.from(pathOf(name))).toEqual(bytes);
      const isUtf8 = Buffer.from(bytes.toString()).equals(bytes);
      expect(isText(name)).toBe(isUtf8);
      if (isUtf8) expect(name).toBe(bytes.toString());
    }),
  );
});

it.each([
  ['an encoded surrogate', 'eda080', '\udced\udca0\udc80'],
  ['an overlong slash', 'c0af', '\udcc0\udcaf'],
  ['an incomplete character', 'c3a9e282', 'é\udce2\udc82'],
  ['an invalid byte after a four-byte character', 'f09f9880ff', '😀\udcff'],
])('keeps the bytes of %s', (_, bytes, name) => {
  expect(textOfBytes(Buffer.from(bytes, 'hex'))).toBe(name);
});
