import { loadSync, type Options, type ServiceDefinition } from '@grpc/proto-loader';
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import type { JSONValue } from '../../src/index.js';
import { methodCodecs } from '../../src/integrations/grpc/methodCodecs.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { closeAfterTest } from '../support/closings.js';
import { seededRandom } from '../eventstoredb/double/seededRandom.js';
import { randomProto, type Draw } from './randomProto.js';

type Definition = Parameters<typeof methodCodecs>[0];
type Fields = Record<string, JSONValue>;

const options: readonly Options[] = [
  {},
  { keepCase: true, longs: String, enums: String },
  { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true },
  { longs: String, bytes: String, arrays: true, objects: true },
];

function load(file: string, loading: Options): Definition | undefined {
  try {
    return (loadSync(file, loading)['a.S'] as ServiceDefinition)['Do'] as unknown as Definition;
  } catch {
    return undefined;
  }
}

/** The members of the JSON of a message that are whole numbers. */
const numbersOf = (json: Fields): readonly string[] =>
  Object.entries(json).flatMap(([name, value]) =>
    typeof value === 'number' && Number.isInteger(value) ? [name] : [],
  );

describe('random messages of random types', () => {
  it('come back unchanged from an echo, or with the one field that a target amends', () => {
    const folder = temporaryFolder();
    closeAfterTest(folder.remove);
    const first = 20_241_129;
    let amendments = 0;
    for (let seed = first; seed < first + 60; seed++) {
      const random = seededRandom(seed);
      const draw: Draw = (below) => Math.floor(random() * below);
      const { text, message } = randomProto(draw);
      const file = folder.file(`t${seed}.proto`);
      writeFileSync(file, text);
      const loading = options[draw(options.length)] ?? {};
      const definition = load(file, loading);
      // proto-loader refuses names that differ only in their case.
      if (!definition) continue;
      const writer = load(file, { keepCase: true }) as Definition;
      const told = `seed ${seed} ${JSON.stringify(loading)}\n${text}`;
      const { request, response } = methodCodecs(definition);
      for (let each = 0; each < 10; each++) {
        const sent = message();
        const bytes = writer.requestSerialize(sent);
        const read = definition.requestDeserialize(bytes);
        const again = (value: unknown) => definition.requestDeserialize(definition.requestSerialize(value));
        for (const [codec, original] of [
          [request, read],
          [response, read],
        ] as const) {
          const snapshot = codec.snapshot(original);
          const json = snapshot.json() as Fields;
          const about = `${told}\n${JSON.stringify(json)}`;
          const echoed = snapshot.amend(JSON.parse(JSON.stringify(json)) as JSONValue);
          expect(echoed?.isSame, about).to.equal(true);
          expect(again(echoed?.message), about).to.deep.equal(again(original));
          // Read from JSON alone, without the bytes that were sent.
          const made = codec.fromJSON(json);
          expect(made, about).not.to.equal(undefined);
          expect(codec.toJSON(made?.message), about).to.deep.equal(json);
          for (const name of numbersOf(json)) {
            // 8 and 9 belong to no value of an enum, and stay numbers.
            const value = json[name] === 8 ? 9 : 8;
            const amended = snapshot.amend({ ...json, [name]: value });
            expect(amended, `${about} ${name}`).not.to.equal(undefined);
            expect(codec.toJSON(amended?.message), `${about} ${name}`).to.deep.equal({
              ...json,
              [name]: value,
            });
            amendments += 1;
          }
        }
      }
    }
    expect(amendments).to.be.above(200);
  });
});
