import type { Application, Response } from 'express';
import type { JSONValue } from '../../ports.js';
import { contentHeaders } from '../contentHeaders.js';

type Replacer = (this: unknown, key: string, value: unknown) => unknown;
type TagOf = (body: Buffer, encoding?: string) => string;

const setting = (app: Application, name: string): unknown => app.get(name) as unknown;

const escapes: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };

/** The JSON that `response.json` would send, under the settings `json replacer`, `json spaces` and `json escape`. */
function writeAsExpress(app: Application, body: JSONValue): string | undefined {
  const replacer = setting(app, 'json replacer') as Replacer | undefined;
  const spaces = setting(app, 'json spaces') as string | number | undefined;
  let json;
  try {
    json = JSON.stringify(body, replacer, spaces) as string | undefined;
  } catch {
    // The application's replacer throws for this value.
    return undefined;
  }
  return json !== undefined && setting(app, 'json escape')
    ? json.replace(/[<>&]/g, (character) => escapes[character] ?? character)
    : json;
}

/** The JSON body of a response as `response.json` makes it, and the way to make it from another value. */
interface JSONBody {
  /** Whether `response.json` is running, so that the sent bytes are its JSON. */
  readonly isBeingSent: boolean;
  /** `undefined` where the application's settings give no JSON for it. */
  write(amended: JSONValue): string | undefined;
  /** Sends `text` under the current headers but those of the handler's content, with its own length and tag. */
  send(text: string, end: (body: Buffer) => unknown): void;
}

export function watchJSON(response: Response): JSONBody {
  const { app } = response;
  const json = response.json.bind(response);
  let isBeingSent = false;
  let hadTag = false;

  response.json = (...sent: Parameters<typeof json>) => {
    hadTag = response.get('etag') !== undefined;
    isBeingSent = true;
    try {
      return json(...sent);
    } finally {
      isBeingSent = false;
    }
  };

  return {
    get isBeingSent() {
      return isBeingSent;
    },
    write: (amended) => writeAsExpress(app, amended),
    send(text, end) {
      const body = Buffer.from(text);
      if (response.hasHeader('content-length')) response.setHeader('content-length', body.byteLength);
      const tagOf = setting(app, 'etag fn') as TagOf | undefined;
      const isTagOfExpress = !hadTag && response.hasHeader('etag');
      for (const name of contentHeaders) response.removeHeader(name);
      if (isTagOfExpress && typeof tagOf === 'function') response.setHeader('etag', tagOf(body, 'utf8'));
      end(body);
    },
  };
}
