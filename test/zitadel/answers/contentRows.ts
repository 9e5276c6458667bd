import type { AnswerRow } from './answerRow.js';
import { after, json } from './answerParts.js';

const agreed: readonly AnswerRow[] = [
  {
    what: 'JSON by `w.Write`, which Go sends as `text/plain; charset=utf-8`',
    answer: { body: after },
    zitadel: 'content',
    here: 'content',
  },
  {
    what: 'JSON by `json.NewEncoder(w).Encode`, flushed on its way',
    answer: { body: `${after}\n`, chunked: true },
    zitadel: 'content',
    here: 'content',
  },
  {
    what: 'JSON without a content type',
    answer: { body: after, contentType: null },
    zitadel: 'content',
    here: 'content',
  },
  {
    what: 'JSON as `application/json`, status 201',
    answer: { status: 201, body: after, contentType: 'application/json' },
    zitadel: 'content',
    here: 'content',
  },
  { what: 'nothing, status 200', answer: {}, zitadel: 'unchanged', here: 'unchanged' },
  { what: 'nothing, status 204', answer: { status: 204 }, zitadel: 'unchanged', here: 'unchanged' },
  { what: 'text that is not JSON', answer: { body: 'done' }, zitadel: 'error', here: 'error' },
  { what: '`null`', answer: { body: 'null' }, zitadel: 'error', here: 'error' },
  { what: 'an array where an object was sent', answer: { body: '[]' }, zitadel: 'error', here: 'error' },
  {
    what: 'the same name twice',
    answer: { body: '{"content":"a","content":"b"}' },
    zitadel: 'error',
    here: 'error',
  },
  {
    what: 'a byte order mark before the JSON',
    answer: { body: `\ufeff${after}` },
    zitadel: 'error',
    here: 'error',
  },
  {
    what: '`http.Error(w, "error", 500)`',
    answer: { status: 500, body: 'error\n' },
    zitadel: 'error',
    here: 'error',
  },
  { what: 'JSON with status 403', answer: { status: 403, body: after }, zitadel: 'error', here: 'error' },
];

const differing: readonly AnswerRow[] = [
  {
    what: 'JSON that is declared as something else, such as `text/html`',
    answer: { body: after, contentType: 'text/html' },
    zitadel: 'content',
    here: 'error',
    why: 'an answer that is declared as something else, such as the page of a proxy, is not stored',
  },
  {
    what: 'a field that the message does not have',
    answer: { body: json({ content: 'after', more: 1 }) },
    zitadel: 'error',
    here: 'content',
    why: 'content that is plain JSON has no descriptor: `schemas` judges it. The integrations of gRPC and Connect refuse such a field as ZITADEL does',
  },
  {
    what: 'an integer beyond 2^53',
    answer: { body: '{"count":12345678901234567890}' },
    zitadel: 'content',
    here: 'error',
    why: 'JavaScript would store another number',
  },
  {
    what: 'JSON in gzip',
    answer: { body: after, gzip: true },
    zitadel: 'content',
    here: 'error',
    why: 'the limit on answers is one of bytes on the wire; Go does not pack by itself',
  },
  {
    what: 'more than 1 MiB',
    answer: { body: json({ content: 'x'.repeat(1_048_577) }) },
    zitadel: 'content',
    here: 'error',
    why: 'all input of outsiders is bounded: `limits.answerBytes`',
  },
  {
    what: 'a redirect',
    answer: { status: 307, location: 'https://elsewhere.example/' },
    zitadel: 'followed',
    here: 'error',
    why: 'the address of a redirect was not judged when the target was saved',
  },
];

/** The outcomes of requests. */
export const contentRows: readonly AnswerRow[] = [...agreed, ...differing];
