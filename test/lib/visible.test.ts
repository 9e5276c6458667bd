import { expect } from 'chai';
import { visible } from '../../src/lib/shown/visible.js';

describe('text of others as it is shown', () => {
  it('is shown as escapes where the text would be blank, for every kind of blank', () => {
    for (const text of [
      ' ',
      '\t\n',
      '\u00a0\u2003',
      '\u200b',
      '\u200d\ufe0f',
      '\u3164',
      '\u2800',
      '\u115f\u1160\uffa0',
      '\u202e',
    ])
      expect(visible(text), JSON.stringify(text)).to.match(/^(\\u[0-9a-f]{4})+$/);
    expect(visible(' \u200b')).to.equal('\\u0020\\u200b');
    expect(visible('')).to.equal('');
  });

  it('has escapes for characters that take no room, steer the text, or stand beyond the first 65 536', () => {
    expect(visible('c\u200br\u2060m\ufeff\u00ad')).to.equal('c\\u200br\\u2060m\\ufeff\\u00ad');
    expect(visible('a\u202eb\u001b[31m')).to.equal('a\\u202eb\\u001b[31m');
    expect(visible('crm\u{e0041}')).to.equal('crm\\udb40\\udc41');
  });

  it('has an escape for each character of its own that takes no room, among letters', () => {
    const single = [
      0xad, 0x61c, 0x180e, 0x200b, 0x200e, 0x200f, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xfeff,
    ];
    for (const code of single)
      expect(visible(`a${String.fromCharCode(code)}b`), code.toString(16)).to.equal(
        `a\\u${code.toString(16).padStart(4, '0')}b`,
      );
    for (const code of [0xe0000, 0xe0020, 0xe007f])
      expect(visible(`a${String.fromCodePoint(code)}b`), code.toString(16)).to.match(
        /^a\\udb40\\udc[0-7][0-9a-f]b$/,
      );
    expect(visible('\u2800'), 'a blank of Braille').to.equal('\\u2800');
    expect(visible('\u0000\u007f')).to.equal('\\u0000\\u007f');
  });

  it('is left unchanged where the text can be seen: emoji of several characters, Persian, spaces between words', () => {
    for (const text of ['👩‍👩‍👧', '❤️', 'می‌خواهم', 'order policy', '\u00e9', '日本語'])
      expect(visible(text)).to.equal(text);
  });
});
