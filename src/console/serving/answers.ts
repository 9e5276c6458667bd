import type { ServerResponse } from 'node:http';
import { endAnswer } from '../../zitadel/serving/answers.js';
import type { NodeRequest, NodeResponse } from '../../zitadel/serving/nodeMessages.js';
import type { Problem } from '../wire/shared.js';
import type { PageFile } from './pageFiles.js';

/** The content security policy: the page loads and runs only its own files, and no other page can frame it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The headers of every answer. */
const guardingHeaders = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** The responses of HTTP/1 and HTTP/2 declare `writeHead` separately. */
const http1 = (response: NodeResponse): ServerResponse => response as ServerResponse;

function sendWhole(response: NodeResponse, status: number, type: string, text: string): void {
  const body = Buffer.from(text);
  const headers = {
    ...guardingHeaders,
    'content-type': type,
    'content-length': body.length,
    'cache-control': 'no-store',
  };
  endAnswer(response, status, headers, body);
}

export const sendDocument = (response: NodeResponse, status: number, document: unknown): void => {
  sendWhole(response, status, 'application/json', JSON.stringify(document));
};

export const sendProblem = (response: NodeResponse, status: number, problem: Problem): void => {
  sendDocument(response, status, problem);
};

export const sendText = (response: NodeResponse, status: number, text: string): void => {
  sendWhole(response, status, 'text/plain; charset=utf-8', `${text}\n`);
};

/** Redirects to a URL relative to the requested one. */
export function sendRedirect(response: NodeResponse, location: string): void {
  http1(response)
    .writeHead(308, { ...guardingHeaders, location, 'content-length': 0, 'cache-control': 'no-store' })
    .end();
}

/** The browser revalidates its copy each time, and gets 304 where the file is unchanged. */
export function sendFile(request: NodeRequest, response: NodeResponse, { type, etag, body }: PageFile): void {
  const headers = { ...guardingHeaders, etag, 'cache-control': 'no-cache' };
  if (request.headers['if-none-match'] === etag) {
    http1(response).writeHead(304, headers).end();
    return;
  }
  http1(response).writeHead(200, { ...headers, 'content-type': type, 'content-length': body.length });
  http1(response).end(request.method === 'HEAD' ? undefined : body);
}

/** The headers of a streamed answer. */
export const streamHeaders = {
  ...guardingHeaders,
  'content-type': 'application/x-ndjson',
  'cache-control': 'no-store',
  // A buffering proxy would delay the lines.
  'x-accel-buffering': 'no',
} as const;
