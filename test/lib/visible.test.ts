import { expect } from 'chai';
import { cleanMessage } from '../../src/firing/answers/cleanMessage.js';
import { printable, printableLines } from '../../src/lib/shown/printable.js';
import { TargetNotFoundError } from '../../src/errors.js';
import { shownValue } from '../../src/lib/reading/shownValue.js';
import { shownText } from '../../src/lib/shown/shownText.js';
import { hasSeen } from '../../src/lib/shown/unseen.js';
import { visible } from '../../src/lib/shown/visible.js';

/** Every character that Unicode does not show, and blank ones that it counts among letters and signs. */
function unseenCharacters(): readonly string[] {
  const found = Array.from('\u2800\ufff9\ufffa\ufffb\u{13441}\u{13442}\u{16fe4}\u{1d159}');
  for (let code = 0; code <= 0x10_ffff; code += 1) {
    const character = String.fromCodePoint(code);
    if (/\p{Default_Ignorable_Code_Point}/u.test(character)) found.push(character);
  }
  return found;
}

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
    for (const text of [
      '👩‍👩‍👧',
      '❤️',
      '❤️‍🔥',
      '1️⃣',
      '葛\u{e0100}',
      'می‌خواهم',
      'क्‍ष',
      'order policy',
      '\u00e9',
      '日本語',
    ]) {
      expect(visible(text)).to.equal(text);
      expect(cleanMessage(text, 1_000)).to.equal(text);
    }
  });

  it('has no character that shows nothing: it is an escape for operators, and absent from a verdict', () => {
    const characters = unseenCharacters();
    expect(characters).to.have.length.above(4_000);
    for (const character of characters) {
      const code = `U+${character.codePointAt(0)!.toString(16)}`;
      for (const show of [visible, printable, printableLines])
        expect(show(`a${character}b`), code).to.match(/^a(\\u[0-9a-f]{4}){1,2}b$/);
      expect(cleanMessage(`a${character}b`, 100), code).to.match(/^a ?b$/);
      expect(cleanMessage(character, 100), code).to.equal('');
      expect(hasSeen(character.repeat(2)), code).to.equal(false);
    }
  });

  it('is escaped in the errors that repeat it', () => {
    expect(shownText('a\u00ad"b\u202e\u007f')).to.equal('"a\\u00ad\\"b\\u202e\\u007f"');
    expect(new TargetNotFoundError('a\u200bb').message).to.contain('the id "a\\u200bb" in');
    expect(shownValue('a\u3164')).to.equal('"a\\u3164"');
  });

  it('keeps no run of joiners or selectors, which could hide a text', () => {
    const hidden = '\ufe0f\u200d\ufe01\u{e0101}\u{e0102}';
    expect(cleanMessage(`😀${hidden}b`, 100)).to.equal('😀\ufe0f\u200db');
    expect(cleanMessage(`日${hidden}`, 100)).to.equal('日\ufe0f');
    expect(visible('crm\u200d')).to.equal('crm\\u200d');
    expect(visible('日\u200d')).to.equal('日\\u200d');
  });
});
