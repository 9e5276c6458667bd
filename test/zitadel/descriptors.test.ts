import type { DescEnum, DescField, DescFile, DescMessage } from '@bufbuild/protobuf';
import { file_zitadel_action_v2beta_action_service as published } from '@zitadel/proto/zitadel/action/v2beta/action_service_pb.js';
import { expect } from 'chai';
import { file_action_v2 } from '../../src/zitadel/generated/action_v2_pb.js';
import { file_action_v2beta } from '../../src/zitadel/generated/action_v2beta_pb.js';
import { rpcTable, versions } from '../../src/zitadel/wire/rpcTable.js';

function shapeOfField(field: DescField) {
  const { number, name, jsonName, fieldKind, presence, oneof, message } = field;
  return {
    number,
    name,
    jsonName,
    fieldKind,
    presence,
    oneof: oneof?.name,
    scalar: 'scalar' in field ? field.scalar : undefined,
    of: message?.typeName ?? field.enum?.typeName,
  };
}

/** The parts of the messages and enums of a package that affect the wire, by name. */
function shapesOf(file: DescFile, typePrefix: string): Record<string, unknown> {
  const shapes: Record<string, unknown> = {};
  const add = (type: DescMessage | DescEnum) => {
    if (!type.typeName.startsWith(typePrefix)) return;
    shapes[type.typeName] =
      type.kind === 'message'
        ? type.fields.map(shapeOfField)
        : type.values.map(({ name, number }) => ({ name, number }));
  };
  const seen = new Set<string>();
  const walk = (each: DescFile) => {
    if (seen.has(each.name)) return;
    seen.add(each.name);
    each.messages.forEach(add);
    each.enums.forEach(add);
    each.dependencies.forEach(walk);
  };
  walk(file);
  return shapes;
}

const methodsOf = (file: DescFile) =>
  file.services.flatMap(({ typeName, methods }) =>
    methods.map(({ name, methodKind, idempotency, input, output }) => ({
      typeName,
      name,
      methodKind,
      idempotency,
      types: [input.typeName, output.typeName],
    })),
  );

describe('the descriptors of the ActionService', () => {
  it('of version 2 beta are the descriptors that ZITADEL publishes, message by message', () => {
    const ours = shapesOf(file_action_v2beta, 'zitadel.action.v2beta.');
    expect(Object.keys(ours)).to.have.length.above(30);
    expect(ours).to.deep.equal(shapesOf(published, 'zitadel.action.v2beta.'));
    expect(methodsOf(file_action_v2beta)).to.deep.equal(methodsOf(published));
  });

  it('of its filters are the descriptors that ZITADEL publishes', () => {
    const theirs = shapesOf(published, 'zitadel.filter.v2beta.');
    for (const [name, shape] of Object.entries(shapesOf(file_action_v2beta, 'zitadel.filter.v2beta.')))
      expect(shape, name).to.deep.equal(theirs[name]);
  });

  it('of version 2 hold all of version 2 beta, under the same numbers', () => {
    const newer = JSON.stringify(shapesOf(file_action_v2, 'zitadel.action.v2.'));
    const { ...byName } = JSON.parse(newer.replaceAll('.v2.', '.v2beta.')) as Record<string, object[]>;
    for (const [name, shape] of Object.entries(shapesOf(file_action_v2beta, 'zitadel.action.v2beta.')))
      expect(byName[name], name).to.deep.include.members(JSON.parse(JSON.stringify(shape)) as object[]);
  });

  it('of 15 and 10 rpcs are the rpcs of the table, no rpc safe to be called by GET', () => {
    expect(versions.v2.methods.map(({ localName }) => localName)).to.have.members(Object.keys(rpcTable));
    expect([versions.v2.methods.length, versions.v2beta.methods.length]).to.deep.equal([15, 10]);
    for (const { idempotency, methodKind } of [...versions.v2.methods, ...versions.v2beta.methods])
      expect([idempotency, methodKind]).to.deep.equal([0, 'unary']);
  });
});
