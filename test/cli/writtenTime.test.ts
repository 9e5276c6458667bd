import { expect } from 'chai';
import { urlOf } from '../../src/cli/shell/listening.js';
import { writtenTime } from '../../src/cli/shell/writtenTime.js';

describe('a time on the command line', () => {
  it('is a day, or a time with its offset', () => {
    for (const [text, time] of [
      ['2030-01-31', '2030-01-31T00:00:00.000Z'],
      ['2028-02-29', '2028-02-29T00:00:00.000Z'],
      ['2030-01-31T08:00Z', '2030-01-31T08:00:00.000Z'],
      ['2030-01-31T08:00:01.5+02:00', '2030-01-31T06:00:01.500Z'],
    ] as const)
      expect(writtenTime(text)?.toISOString(), text).to.equal(time);
  });

  it('is refused where Date would guess a day, a month or a zone', () => {
    for (const text of [
      '',
      '5',
      '-5',
      'soon',
      'May 1',
      '2030-1-31',
      '2030-01-31T',
      '2030-01-31 08:00Z',
      '2030-01-31T08:00',
      '2030-02-31',
      '2029-02-29',
      '2030-13-01',
      '2030-01-31T25:00Z',
      '2030-01-31T08:00Zx',
    ])
      expect(writtenTime(text), text).to.equal(undefined);
  });
});

describe('the URL of a server that a command started', () => {
  it('has an IPv6 address in brackets', () => {
    expect(urlOf('http', '::1', 4_000)).to.equal('http://[::1]:4000');
    expect(urlOf('https', '127.0.0.1', 8_443)).to.equal('https://127.0.0.1:8443');
  });
});
