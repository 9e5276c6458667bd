import { expect } from 'chai';
import { visible } from '../../src/lib/shown/visible.js';

describe('text of others as it is shown', () => {
  it('is shown as escapes where it would be blank, for every kind of blank', () => {
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

  it('is left as it is where it can be seen: emoji of several characters, Persian, spaces between words', () => {
    for (const text of ['👩‍👩‍👧', '❤️', 'می‌خواهم', 'order policy', '\u00e9', '日本語'])
      expect(visible(text)).to.equal(text);
  });
});
