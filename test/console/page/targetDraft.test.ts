import { expect } from 'chai';
import { Failure } from '../../../src/console/page/api/requestFailure.js';
import {
  addition,
  changeOf,
  draftOf,
  emptyDraft,
  type Draft,
  type HeaderDraft,
} from '../../../src/console/page/pages/targets/draft.js';
import type { Target } from '../../../src/console/wire/targets.js';
import { targetSettings } from '../../support/targetSettings.js';

const target: Target = {
  ...targetSettings,
  id: '7',
  headers: { 'x-tenant': '***', 'x-key': '***' },
  keys: [],
  created: '2030-01-31T08:00:00.000Z',
  changed: '2030-01-31T08:00:00.000Z',
  revision: '3',
};
const typed = (name: string, value: string): HeaderDraft => ({ name, value, isKept: false });
const withHeaders = (draft: Draft, ...headers: readonly HeaderDraft[]): Draft => ({
  ...draft,
  headers: [...draft.headers, ...headers],
});

describe('the headers of a target that is edited in the console', () => {
  it('are added by their names, without rows that were left empty', () => {
    const draft = withHeaders(emptyDraft, typed(' x-key ', 'secret'), typed(' ', ''));
    expect(addition(draft).headers).to.deep.equal({ 'x-key': 'secret' });
    expect(addition(emptyDraft)).not.to.have.property('headers');
  });

  it('keep each stored value that the operator does not type again', () => {
    const draft = withHeaders(draftOf(target), typed('x-region', 'eu'));
    expect(changeOf(draft, target)).to.deep.equal({
      headers: { 'x-tenant': null, 'x-key': null, 'x-region': 'eu' },
      revision: '3',
    });
    expect(changeOf(draftOf(target), target)).to.deep.equal({ revision: '3' });
  });

  it('send a value without a name, which the server refuses', () => {
    expect(addition(withHeaders(emptyDraft, typed('', 'secret'))).headers).to.deep.equal({ '': 'secret' });
    expect(changeOf(withHeaders(draftOf(target), typed('', 'secret')), target).headers).to.have.property('');
  });

  it('are refused where two rows have one name, before either value is lost', () => {
    for (const edit of [
      () => addition(withHeaders(emptyDraft, typed('x-key', 'one'), typed('x-key ', 'two'))),
      () => changeOf(withHeaders(draftOf(target), typed('x-key', 'two')), target),
    ])
      expect(edit).to.throw(Failure, 'The header "x-key" is there twice');
  });
});
