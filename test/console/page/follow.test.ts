import { expect } from 'chai';
import type { Client } from '../../../src/console/page/api/client.js';
import { useFollow } from '../../../src/console/page/state/follow.js';
import { until } from '../../support/conditions.js';
import { openHook } from './openHook.js';

/** Renders the hook over streams to which a test writes lines. */
function openFollow() {
  const streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  const paths: string[] = [];
  const client: Pick<Client, 'open'> = {
    open(path) {
      paths.push(path);
      return Promise.resolve(
        new ReadableStream<Uint8Array>({ start: (controller) => void streams.push(controller) }),
      );
    },
  };
  const { show, result } = openHook(
    client,
    ({ path, isOn }: { readonly path: string | undefined; readonly isOn: boolean }) => useFollow(path, isOn),
  );
  return {
    paths,
    show: (path: string | undefined, isOn: boolean) => show({ path, isOn }),
    call: (number: number) => streams.at(-1)?.enqueue(Buffer.from(`${JSON.stringify({ number })}\n`)),
    numbers: () => result()?.calls.map(({ number }) => number),
    isFollowing: () => result()?.isFollowing === true,
  };
}

describe('the calls that a page follows', () => {
  it('stay when the page stops, and begin empty when it follows again or follows others', async () => {
    const { paths, show, call, numbers, isFollowing } = openFollow();
    show('calls/live', true);
    await until(isFollowing);
    call(1);
    call(2);
    await until(() => numbers()?.length === 2);
    expect(numbers()).to.deep.equal([2, 1]);

    show('calls/live', false);
    await until(() => !isFollowing());
    expect(numbers()).to.deep.equal([2, 1]);

    show('calls/live', true);
    await until(isFollowing);
    expect(numbers()).to.deep.equal([]);

    call(3);
    await until(() => numbers()?.length === 1);
    show('calls/live?verdict=failed', false);
    await until(() => numbers()?.length === 0);
    show(undefined, true);
    await until(() => !isFollowing());
    expect(paths).to.deep.equal(['calls/live', 'calls/live']);
  });
});
