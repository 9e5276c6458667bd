import { fromJSON, loadSync, type Options, type ServiceDefinition } from '@grpc/proto-loader';
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { isActionsError, type JSONValue } from '../../src/index.js';
import { methodCodecs } from '../../src/integrations/grpc/methodCodecs.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { closeAfterTest } from '../support/closings.js';
import { protos } from './loadOrders.js';

type Definition = Parameters<typeof methodCodecs>[0];

function kinds(service: string, method = 'Unary', options: Options = {}): Definition {
  const files = ['proto2', 'proto3', 'editions'].map((file) => `kinds/v1/${file}.proto`);
  const loaded = loadSync(files, {
    includeDirs: [protos],
    longs: String,
    enums: String,
    keepCase: true,
    ...options,
  });
  return (loaded[`kinds.v1.${service}`] as ServiceDefinition)[method] as unknown as Definition;
}

/** A service whose messages protobufjs describes. */
const described = (messages: object): Definition =>
  (
    fromJSON({
      nested: {
        a: { nested: { ...messages, S: { methods: { Do: { requestType: 'M', responseType: 'M' } } } } },
      },
    } as never)['a.S'] as ServiceDefinition
  )['Do'] as unknown as Definition;

describe('types as proto-loader describes them', () => {
  const values: readonly (readonly [string, JSONValue, string?])[] = [
    ['Proto2Service', { n: 0, notify: false, text: '', mood: 'GOOD' }],
    [
      'Proto2Service',
      { n: 1, '[kinds.v1.remark]': 'a', '[kinds.v1.Legacy.Scope.nested_note]': { text: '' } },
    ],
    ['Proto2Service', { deprecated: false, '[kinds.v1.message_note]': { text: 'a' } }, 'Options'],
    ['Proto3Service', { price: { a: { currency: 'EUR' } }, hidden: { inner: 'a' }, outer: { outside: 1 } }],
    ['EditionsService', { explicit: 0, needed: 0, notify: false, delimited: { needed: 0 } }],
  ];
  for (const [service, json, method] of values)
    it(`read and write ${JSON.stringify(json)} alike`, () => {
      const { request, response } = methodCodecs(kinds(service, method));
      for (const codec of [request, response])
        expect(codec.toJSON(codec.fromJSON(json)?.message)).to.deep.equal(json);
    });

  it('leave the defaults that proto-loader fills in out of requests', () => {
    const { request } = methodCodecs(kinds('Proto3Service', 'Unary', { defaults: true }));
    expect(request.toJSON(request.fromJSON({ number: 1 })?.message)).to.deep.equal({ number: 1 });
  });

  it('keep zeros in requests that proto-loader did not fill in', () => {
    const folder = temporaryFolder();
    closeAfterTest(folder.remove);
    const file = folder.file('notices.proto');
    writeFileSync(
      file,
      `syntax = "proto2"; package a;
       service S { rpc Do(Notice) returns (Notice); }
       message Notice {
         optional bool notify = 1 [default = true];
         optional string text = 2 [default = "none"];
         optional int32 times = 3;
         optional Notice next = 4;
       }`,
    );
    const options = { keepCase: true, longs: String, enums: String, defaults: true };
    const service = loadSync(file, options)['a.S'] as ServiceDefinition;
    const { request } = methodCodecs(service['Do'] as unknown as Definition);
    const sent = { notify: false, text: '', times: 0, next: { notify: false } };
    const read = (json: JSONValue) =>
      request.toJSON(request.fromJSON(json)?.message) as Record<string, unknown>;
    expect(read(sent)).to.deep.include({ notify: false, text: '', times: 0 });
    expect(read(sent)['next']).to.deep.include({ notify: false, text: 'none' });
    expect(read({})).to.deep.include({ notify: true, text: 'none' });
  });

  it('give each field a JSON name of its own, also where protoc would refuse the names', () => {
    const fields = { b_c: 'int32', bC: 'int32', x_1: 'string', x1: 'string', b__c: 'bool' };
    const listed = Object.entries(fields).map(([name, type], place) => [name, { type, id: place + 1 }]);
    const { request } = methodCodecs(described({ M: { fields: Object.fromEntries(listed) as object } }));
    const json = { b_c: 1, bC: 2, x_1: 'a', x1: 'b', b__c: true };
    expect(request.toJSON(request.fromJSON(json)?.message)).to.deep.equal(json);
  });

  const inner = { nested: { T: { fields: { deep: { type: 'string', id: 1 } } } } };

  it('resolve a type name in the innermost scope that declares it', () => {
    for (const [type, field] of [
      ['.a.T', 'outside'],
      ['.a.M.T', 'deep'],
    ] as const) {
      const { request } = methodCodecs(
        described({
          T: { fields: { outside: { type: 'string', id: 1 } } },
          M: { fields: { t: { type, id: 1 } }, ...inner },
        }),
      );
      expect(request.fromJSON({ t: { [field]: 'a' } }), type).not.to.equal(undefined);
    }
  });

  it('refuse a name whose types have the same field names, and name the field', () => {
    const definition = described({
      T: { fields: { deep: { type: 'int32', id: 1 } } },
      M: { fields: { t: { type: '.a.T', id: 1 } }, ...inner },
    });
    expect(() => methodCodecs(definition))
      .to.throw(/a\.M\.t may be of type a\.M\.T or a\.T/)
      .satisfy((error: unknown) => isActionsError(error, 'INVALID_ARGUMENT'));
  });

  it('refuse descriptors whose bytes cannot be read, and say that the service is not guarded', () => {
    const definition = described({ M: { fields: { a: { type: 'string', id: 1 } } } });
    const requestType = { fileDescriptorProtos: [Uint8Array.of(10, 200, 1, 1)] };
    expect(() => methodCodecs({ ...definition, requestType } as Definition))
      .to.throw(/the descriptors of the service cannot be read.*the service was not guarded/)
      .satisfy((error: unknown) => isActionsError(error, 'INVALID_ARGUMENT'));
  });
});
