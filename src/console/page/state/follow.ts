import { useEffect, useState } from 'preact/hooks';
import type { Call, LiveLine } from '../../wire/calls.js';
import { readLines } from '../api/readLines.js';
import { asFailure } from '../api/requestFailure.js';
import { useApp } from './app.js';
import { useStore } from './store.js';

/** Calls as they happen, the latest first. */
export interface Followed {
  readonly calls: readonly Call[];
  /** The number of calls that the page was too slow to receive. */
  readonly missed: number;
  readonly isFollowing: boolean;
}

const none: Followed = { calls: [], missed: 0, isFollowing: false };
const mostCalls = 200;
const showMs = 250;
const againMs = 2_000;

/** The calls that arrived since the last rendering. */
interface Arrived {
  calls: Call[];
  missed: number;
}

async function follow(body: ReadableStream<Uint8Array>, arrived: Arrived): Promise<void> {
  for await (const text of readLines(body)) {
    const line = JSON.parse(text) as LiveLine;
    if ('number' in line) {
      arrived.calls.push(line);
      if (arrived.calls.length > 2 * mostCalls) arrived.calls.splice(0, mostCalls);
    } else if ('missed' in line) arrived.missed += line.missed;
    else if ('ended' in line) return;
  }
}

/**
 * Follows a path of the server while `isOn`, and keeps the calls when it stops, until it follows again or follows another
 * path; `undefined` follows none. Connects again where the stream ends.
 */
export function useFollow(path: string | undefined, isOn: boolean): Followed {
  const { client, connection } = useApp();
  const generation = useStore(connection.generation);
  const [followed, setFollowed] = useState(none);
  const [turn, setTurn] = useState(0);

  useEffect(() => setFollowed(none), [path]);
  useEffect(() => setFollowed((last) => (isOn ? none : { ...last, isFollowing: false })), [isOn]);
  useEffect(() => {
    if (path === undefined || !isOn) return undefined;
    const over = new AbortController();
    const arrived: Arrived = { calls: [], missed: 0 };
    const show = setInterval(() => {
      if (arrived.calls.length === 0 && arrived.missed === 0) return;
      const { calls, missed } = arrived;
      arrived.calls = [];
      arrived.missed = 0;
      setFollowed((last) => ({
        ...last,
        calls: [...calls.reverse(), ...last.calls].slice(0, mostCalls),
        missed: last.missed + missed,
      }));
    }, showMs);
    let again: ReturnType<typeof setTimeout> | undefined;
    client
      .open(path, over.signal)
      .then((body) => {
        setFollowed((last) => ({ ...last, isFollowing: true }));
        return follow(body, arrived);
      })
      .catch((error: unknown) => asFailure(error))
      .finally(() => {
        if (over.signal.aborted) return;
        setFollowed((last) => ({ ...last, isFollowing: false }));
        again = setTimeout(() => setTurn((last) => last + 1), againMs);
      });
    return () => {
      over.abort();
      clearInterval(show);
      clearTimeout(again);
    };
  }, [client, path, isOn, turn, generation]);

  return followed;
}
