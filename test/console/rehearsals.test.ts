import { expect } from 'chai';
import { createRehearsalRoom, rehearsalRoom } from '../../src/console/api/rehearsalRoom.js';
import type { Rehearsal } from '../../src/console/wire/rehearsals.js';
import type { Problem } from '../../src/console/wire/shared.js';
import { rejection } from '../support/openActions.js';
import { changeHeaders, openConsole } from './openConsole.js';

describe('rehearsals of the console', () => {
  it('refuse content that is too deep with a typed error, at any depth', async () => {
    const { url, call } = await openConsole();
    await call({ event: { all: true } }, { type: 'requestResponse' });
    for (const levels of [1_000, 50_000, 500_000]) {
      // Written by hand: JSON.stringify does not reach so deep.
      const text = `{"kind":"event","name":"a","content":${'['.repeat(levels)}${']'.repeat(levels)}}`;
      const answer = await fetch(url('/api/rehearse'), {
        method: 'POST',
        headers: { authorization: 'Bearer all', ...changeHeaders },
        body: text,
      });
      const said = await answer.text();
      expect(said, String(levels)).to.not.match(/call stack|RangeError/i);
      if (levels > 1_000) expect(answer.status, said).to.equal(400);
    }
  });

  it('run a limited number at once for each instance, refuse the others, and run again when one ends', async () => {
    const { ask, call } = await openConsole();
    const answers: (() => void)[] = [];
    const [endpoint] = await call(
      { event: { all: true } },
      {
        type: 'requestResponse',
        script: () => new Promise((resolve) => answers.push(() => resolve({ body: '{}' }))),
      },
    );
    const body = { kind: 'event', name: 'a', content: { text: 'x'.repeat(500_000) }, send: true };
    const most = rehearsalRoom.instance.count;
    const running = Array.from({ length: most }, () => ask('rehearse', { body }));
    await endpoint?.server.whenReceived(most);
    const refused = await Promise.all(Array.from({ length: 20 }, () => ask<Problem>('rehearse', { body })));
    expect(new Set(refused.map(({ status, document }) => `${status} ${document.message}`))).to.deep.equal(
      new Set([
        '503 the rehearsals of this instance that run now leave no room for another: send the rehearsal again when one has ended; nothing was called',
      ]),
    );
    expect((await ask('rehearse', { token: 'elsewhere', body })).status, 'another instance').to.equal(200);
    expect(endpoint?.server.received).to.have.length(most);
    for (const answer of answers) answer();
    for (const each of await Promise.all(running)) expect(each.status).to.equal(200);
    const again = ask('rehearse', { body });
    await endpoint?.server.whenReceived(most + 1);
    answers.at(-1)?.();
    expect((await again).status).to.equal(200);
  });

  it('are refused where their requests together would be too large, and call no target', async () => {
    const { ask, call } = await openConsole();
    const endpoints = await call(
      { event: { all: true } },
      ...Array.from({ length: 80 }, () => ({ type: 'requestResponse' as const })),
    );
    const content = { text: 'x'.repeat(500_000) };
    for (const send of [false, true]) {
      const { status, document } = await ask<Problem>('rehearse', {
        body: { kind: 'event', name: 'a', content, send },
      });
      expect([status, document.code]).to.deep.equal([413, 'TOO_LARGE']);
    }
    expect(endpoints.flatMap(({ server }) => server.received)).to.deep.equal([]);
    expect((await ask('rehearse', { body: { kind: 'event', name: 'a' } })).status).to.equal(200);
  });

  it('hold a bounded part of the answers and of the amended content, and judge every call', async () => {
    const { ask, call } = await openConsole();
    const text = 'y'.repeat(1_000_000);
    const endpoints = await call(
      { event: { all: true } },
      ...Array.from({ length: 20 }, (_, place) => ({
        type: 'requestResponse' as const,
        script: { body: JSON.stringify({ place, text }) },
      })),
    );
    const body = { kind: 'event', name: 'a', content: { text: '' }, send: true };
    const { status, document } = await ask<Rehearsal>('rehearse', { body });
    expect(status).to.equal(200);
    expect(endpoints.flatMap(({ server }) => server.received)).to.have.length(20);
    expect(new Set(document.calls.map(({ judgement }) => judgement?.verdict))).to.deep.equal(
      new Set(['amended']),
    );
    const held = document.calls.flatMap(({ request, answer, judgement }) => [
      request?.body,
      answer?.body,
      JSON.stringify(judgement?.content ?? null),
    ]);
    const bytes = held.reduce((sum, each) => sum + (each?.length ?? 0), 0);
    expect(bytes).to.be.within(4_000_000, rehearsalRoom.answers + 1_000);
    const last = document.calls.at(-1);
    expect(last?.answer).to.include({ status: 200, body: '', omittedBytes: 1_000_022 });
    expect(last?.request).to.include({ body: '' }).and.have.property('omittedBytes').that.is.above(1_000_000);
    expect(last?.judgement).to.deep.equal({ verdict: 'amended' });
    expect(document.outcome).to.deep.equal({ kind: 'amended', content: { place: 19, text } });
    const rendered = await ask<Rehearsal>('rehearse', { body: { ...body, send: false } });
    expect(rendered.document.calls.every(({ request }) => request?.omittedBytes === undefined)).to.equal(
      true,
    );
  });

  it('are bounded in bytes, of an instance and of all, and give the room back where a rehearsal fails', async () => {
    const inRoom = createRehearsalRoom();
    const mebibyte = 1_048_576;
    const ends: (() => void)[] = [];
    const hold = (instance: string, bytes: number) =>
      inRoom(instance, bytes, () => new Promise<void>((resolve) => ends.push(resolve)));
    const held = ['a', 'b', 'c'].map((instance) => hold(instance, 30 * mebibyte));
    expect(await rejection(hold('a', 3 * mebibyte))).to.include({ status: 503 });
    expect(await rejection(hold('d', 7 * mebibyte))).to.include({ status: 503 });
    held.push(hold('d', 6 * mebibyte));
    for (const end of ends) end();
    await Promise.all(held);
    const small = ['a', 'a', 'a', 'a'].map((instance) => hold(instance, 1));
    expect(await rejection(hold('a', 1)), 'by count').to.include({ status: 503 });
    ends.at(-1)?.();
    await small.at(-1);
    small.push(hold('a', 31 * mebibyte));
    ends.at(-3)?.();
    await small.at(2);
    expect(await rejection(hold('a', mebibyte)), 'while others of the instance run on').to.include({
      status: 503,
    });
    for (const end of ends) end();
    await Promise.all(small);
    const failing = inRoom('a', 32 * mebibyte, () => Promise.reject(new Error('it failed')));
    expect(await rejection(failing)).to.include({ message: 'it failed' });
    await inRoom('a', 32 * mebibyte, () => Promise.resolve());
  });
});
