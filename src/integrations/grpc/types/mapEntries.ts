import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  type DescriptorProto,
  type FieldDescriptorProto,
} from '@bufbuild/protobuf/wkt';
import { InvalidArgumentError } from '../../../errors.js';
import { freeName } from './fieldNames.js';

const isKeyAndValue = ({ field, nestedType }: DescriptorProto): boolean =>
  nestedType.length === 0 && field.length === 2 && field[0]?.name === 'key' && field[1]?.name === 'value';

export const isMapEntry = (message: DescriptorProto): boolean => message.options?.mapEntry === true;

const isNamedLike = ({ name, typeName }: FieldDescriptorProto): boolean =>
  typeName === name.charAt(0).toUpperCase() + name.slice(1);

/** The fields that may be maps with entries of a name. */
function mapFields(message: DescriptorProto, entryName: string): readonly FieldDescriptorProto[] {
  const named = message.field.filter(
    ({ label, type, typeName }) =>
      label === Label.REPEATED &&
      type === Type.MESSAGE &&
      typeName.slice(typeName.lastIndexOf('.') + 1) === entryName,
  );
  const alike = named.filter(isNamedLike);
  return alike.length === 0 ? named : alike;
}

/**
 * Renames the entry types of maps to names that no message can have. proto-loader names an entry type after its field,
 * `Price` for `price`, which would hide a message with that name.
 *
 * @throws {@link InvalidArgumentError} where a field may be a map or a list of messages
 */
export function nameMapEntries(message: DescriptorProto, fullName: string): void {
  const entries = new Map<string, DescriptorProto[]>();
  for (const nested of message.nestedType) {
    if (!isMapEntry(nested)) continue;
    if (isKeyAndValue(nested)) entries.set(nested.name, [...(entries.get(nested.name) ?? []), nested]);
    // Entries from a descriptor set are marked as map entries.
    else if (nested.options) nested.options.mapEntry = false;
  }
  const taken = new Set(message.nestedType.map(({ name }) => name));
  for (const [name, alike] of entries) {
    const fields = mapFields(message, name);
    if (fields.length !== alike.length)
      throw new InvalidArgumentError(
        `the field ${fullName}.${fields[0]?.name ?? name} may be a map or a list of ${name}: name the map differently; ` +
          'the service was not guarded',
      );
    for (const [place, entry] of alike.entries()) {
      const field = fields[place] as FieldDescriptorProto;
      entry.name = freeName(taken, 'Entry', field.number);
      taken.add(entry.name);
      field.typeName = `.${fullName}.${entry.name}`;
    }
  }
}
