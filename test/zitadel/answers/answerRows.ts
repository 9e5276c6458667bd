import { after, claims, json, verdict } from './answerParts.js';
import { calledBy, type AnswerRow } from './answerRow.js';
import { contentRows } from './contentRows.js';

const large = 'x'.repeat(70_000);

const functions: readonly AnswerRow[] = [
  { what: 'claims', answer: { body: json({ append_claims: claims }) }, zitadel: 'content', here: 'content' },
  {
    what: 'claims, and names that are not known, also nested',
    answer: { body: json({ append_claims: [{ key: 'team', value: 1, more: true }], more: {} }) },
    zitadel: 'content',
    here: 'content',
  },
  {
    what: 'claims, and `null` for the others',
    answer: { body: json({ append_claims: claims, set_user_metadata: null, append_log_claims: null }) },
    zitadel: 'content',
    here: 'content',
  },
  {
    what: 'claims beside `forwardedStatusCode: 0` and an empty message',
    answer: { body: json({ append_claims: claims, forwardedStatusCode: 0, forwardedErrorMessage: '' }) },
    zitadel: 'content',
    here: 'content',
  },
  {
    what: 'a claim whose value is `null`',
    answer: { body: json({ append_claims: [{ key: 'team', value: null }] }) },
    zitadel: 'content',
    here: 'content',
  },
  {
    what: '`append_claims: null` alone',
    answer: { body: '{"append_claims":null}' },
    zitadel: 'unchanged',
    here: 'unchanged',
  },
  { what: '`null`', answer: { body: 'null' }, zitadel: 'unchanged', here: 'unchanged' },
  { what: 'nothing', answer: {}, zitadel: 'unchanged', here: 'unchanged' },
  { what: 'text that is not JSON', answer: { body: 'done' }, zitadel: 'error', here: 'error' },
  { what: 'an array', answer: { body: '[]' }, zitadel: 'error', here: 'error' },
  {
    what: 'log lines that are no texts',
    answer: { body: json({ append_log_claims: [1] }) },
    zitadel: 'error',
    here: 'error',
  },
  {
    what: '`forwardedStatusCode: 0` with a message',
    answer: verdict(0, 'no'),
    zitadel: 'error "no"',
    here: 'error',
    why: 'only a verdict is shown to the caller',
  },
  {
    what: 'a claim without a key or a value',
    answer: { body: json({ append_claims: [{ key: 'team' }] }) },
    zitadel: 'content',
    here: 'error',
    why: 'Go reads a missing member as `""` or `null`; here a missing member is an error of the target',
  },
  {
    what: 'metadata whose value is `null`',
    answer: { body: json({ append_claims: claims, set_user_metadata: [{ key: 'a', value: null }] }) },
    zitadel: 'content',
    here: 'error',
    why: 'ZITADEL takes the claims, fails to store the metadata and notes that in the log',
  },
  {
    what: 'the same name twice',
    answer: { body: '{"append_claims":[],"append_claims":[{"key":"team","value":1}]}' },
    zitadel: 'content',
    here: 'error',
    why: 'readers of JSON do not agree which of the two is meant',
  },
].map((row) => ({ ...row, kind: 'function' as const }));

const verdicts: readonly AnswerRow[] = [
  {
    what: '`forwardedStatusCode` 403 with a message',
    answer: verdict(403, 'not yours'),
    zitadel: '403 "not yours"',
    here: '403 "not yours"',
  },
  {
    what: '`forwardedStatusCode` 429 with a message',
    answer: verdict(429, 'later'),
    zitadel: '429 "later"',
    here: '429 "later"',
  },
  { what: '`forwardedStatusCode` 404 alone', answer: verdict(404), zitadel: '404', here: '404' },
  {
    what: '`forwardedStatusCode` 402, which gRPC has no code for',
    answer: verdict(402, 'pay'),
    zitadel: '500 "pay"',
    here: '402 "pay"',
    why: 'the caller over HTTP gets the status that the target names',
  },
  {
    what: '`forwardedStatusCode` outside 400 to 499',
    answer: verdict(500, 'internal'),
    zitadel: 'error "internal"',
    here: 'error',
    why: 'only a verdict is shown to the caller',
  },
  {
    what: '`forwardedErrorMessage` alone',
    answer: { body: json({ forwardedErrorMessage: 'no' }) },
    zitadel: 'error "no"',
    here: 'error',
    why: 'only a verdict is shown to the caller',
  },
  {
    what: '`forwardedStatusCode: 0` beside content',
    answer: { body: json({ content: 'after', forwardedStatusCode: 0 }) },
    zitadel: 'error',
    here: 'error',
  },
  {
    what: '`forwardedStatusCode` 403 with a message',
    kind: 'function',
    answer: verdict(403, 'not yours'),
    zitadel: '403 "not yours"',
    here: '403 "not yours"',
  },
];

const others: readonly AnswerRow[] = [
  {
    what: 'JSON without a verdict',
    type: 'webhook',
    answer: { body: after },
    zitadel: 'unchanged',
    here: 'unchanged',
  },
  {
    what: 'a page',
    type: 'webhook',
    answer: { body: '<html></html>' },
    zitadel: 'unchanged',
    here: 'unchanged',
  },
  {
    what: '`forwardedStatusCode` 403 with a message',
    type: 'webhook',
    answer: verdict(403, 'not yours'),
    zitadel: '403 "not yours"',
    here: '403 "not yours"',
  },
  {
    what: 'status 400',
    type: 'webhook',
    answer: { status: 400, body: 'no' },
    zitadel: 'error',
    here: 'error',
  },
  {
    what: 'more than 64 kB',
    type: 'webhook',
    answer: { body: large },
    zitadel: 'unchanged',
    here: 'error',
    why: 'the body is not needed, and reading it delays the operation',
  },
  {
    what: 'status 500, or a verdict',
    type: 'async',
    answer: { status: 500, ...verdict(403, 'not yours') },
    zitadel: 'unchanged',
    here: 'unchanged',
  },
  {
    what: 'JSON',
    kind: 'event',
    answer: { body: after },
    zitadel: 'unchanged',
    here: 'content',
    why: 'the target is called before the event is appended, and may amend it',
  },
  {
    what: '`forwardedStatusCode` 403 with a message',
    kind: 'event',
    answer: verdict(403, 'not yours'),
    zitadel: 'unchanged',
    here: '403 "not yours"',
    why: 'the target is called before the event is appended, and may refuse it',
  },
];

export const answerRows: readonly AnswerRow[] = [...contentRows, ...functions, ...verdicts, ...others];

/** The cells of the guide's table. */
export const answerTable = answerRows.map((row) => [
  calledBy(row),
  row.what,
  row.zitadel,
  row.here,
  row.why ?? '',
]);
