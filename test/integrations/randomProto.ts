/** A whole number from 0 to below the given one. */
export type Draw = (below: number) => number;

/** A value as proto-loader writes it; `undefined`: the field is left out. */
type MakeValue = (depth: number) => unknown;

interface RandomProto {
  readonly text: string;
  /** A random message of the type of the service. */
  readonly message: () => object;
}

const scalars: Readonly<Record<string, readonly unknown[]>> = {
  int32: [0, 1, -1, 2147483647, -2147483648],
  uint32: [0, 1, 4294967295],
  sint32: [0, -5],
  fixed32: [0, 7],
  int64: ['0', '1', '-9223372036854775808'],
  uint64: ['0', '18446744073709551615'],
  sfixed64: ['0', '-1'],
  bool: [false, true],
  string: ['', 'a', 'ü\u0000', '__proto__'],
  bytes: [Buffer.alloc(0), Buffer.from([0, 255])],
  double: [0, 0.5, NaN, Infinity, -0],
  float: [0, 0.5, -Infinity],
};
const names = [
  'a',
  'b_c',
  'bC',
  'id',
  'URL',
  'x_1',
  'x1',
  'snake_case_name',
  'CamelName',
  '_lead',
  'trail_',
  'value',
];
const jsonNames = ['other', 'with-dash', '@type', 'a.b', 'Ümlaut'];

/** Types of proto2 or proto3 with every kind of field, and messages of them. */
export function randomProto(draw: Draw): RandomProto {
  const pick = <Item>(items: readonly Item[]): Item => items[draw(items.length)] as Item;
  const isProto2 = draw(2) === 0;
  const types = ['M', 'N', 'O'].slice(0, 1 + draw(3));
  const makers = new Map<string, (depth: number) => object>();
  const enumText = isProto2
    ? 'enum E { ONE = 1; TWO = 2; MINUS = -3; }'
    : `enum E { ZERO = 0; ONE = 1;${draw(2) === 0 ? ' MINUS = -3;' : ''} }`;
  const enumValues = isProto2 ? ['ONE', 'TWO', 'MINUS'] : ['ZERO', 'ONE', ...(draw(3) === 0 ? [9] : [])];

  function typeOf(): { readonly type: string; readonly value: MakeValue } {
    const kind = draw(10);
    if (kind < 6) {
      const type = pick(Object.keys(scalars));
      return { type, value: () => pick(scalars[type] ?? []) };
    }
    if (kind < 8) return { type: 'E', value: () => pick(enumValues) };
    const type = pick(types);
    return { type, value: (depth) => (depth > 3 ? {} : makers.get(type)?.(depth + 1)) };
  }

  function messageText(name: string): string {
    const lines: string[] = [];
    const fields = new Map<string, MakeValue>();
    const oneofs: string[][] = [];
    const free = [...names].sort(() => draw(3) - 1).slice(0, 2 + draw(7));
    const label = isProto2 ? 'optional ' : '';
    let number = 0;
    const option = (): string => (draw(6) === 0 ? ` [json_name = "${pick(jsonNames)}${number}"]` : '');
    while (free.length > 0) {
      const field = free.pop() ?? '';
      const { type, value } = typeOf();
      const isMessage = types.includes(type);
      number += 1 + draw(3);
      const kind = draw(8);
      if (kind === 0) {
        lines.push(`repeated ${type} ${field} = ${number}${option()};`);
        fields.set(field, (depth) => Array.from({ length: draw(3) }, () => value(depth)));
      } else if (kind === 1) {
        const key = pick(['string', 'int32', 'bool', 'uint64']);
        const keys: Readonly<Record<string, readonly string[]>> = {
          string: ['', 'k'],
          int32: ['-1', '0'],
          bool: ['true', 'false'],
          uint64: ['5'],
        };
        lines.push(`map<${key}, ${type}> ${field} = ${number}${option()};`);
        fields.set(field, (depth) =>
          key === 'uint64' || key === 'bool'
            ? {}
            : Object.fromEntries((keys[key] ?? []).slice(draw(3)).map((each) => [each, value(depth)])),
        );
      } else if (kind === 2 && free.length > 0) {
        const other = free.pop() ?? '';
        const second = typeOf();
        lines.push(
          `oneof o${number} { ${type} ${field} = ${number}; ${second.type} ${other} = ${number + 1}; }`,
        );
        number += 1;
        fields.set(field, value);
        fields.set(other, second.value);
        oneofs.push([field, other]);
      } else if (kind === 3 && isProto2) {
        lines.push(`optional group G${number} = ${number} { optional ${type} inner = 1; }`);
        fields.set(`g${number}`, (depth) => ({ inner: value(depth) }));
      } else if (kind === 4 && isProto2 && !isMessage) {
        lines.push(`required ${type} ${field} = ${number}${option()};`);
        fields.set(`!${field}`, value);
      } else if (kind === 5 && !isProto2) {
        lines.push(`optional ${type} ${field} = ${number}${option()};`);
        fields.set(field, value);
      } else {
        lines.push(`${label}${type} ${field} = ${number}${option()};`);
        fields.set(field, value);
      }
    }
    makers.set(name, (depth) => {
      const entries = [...fields].flatMap(([field, value]): [string, unknown][] => {
        if (field.startsWith('!')) return [[field.slice(1), value(depth)]];
        return draw(3) === 0 || depth > 3 ? [] : [[field, value(depth)]];
      });
      const object = new Map(entries.filter(([, value]) => value !== undefined));
      for (const [one = '', two = ''] of oneofs) if (object.has(one)) object.delete(two);
      return Object.fromEntries(object);
    });
    const extensions = isProto2 ? ' extensions 1000 to 1100;' : '';
    return `message ${name} { ${lines.join(' ')}${extensions} }`;
  }

  const messages = types.map(messageText);
  const extend = isProto2 && draw(2) === 0 ? ' extend M { optional string remark = 1000; }' : '';
  const text = `syntax = "${isProto2 ? 'proto2' : 'proto3'}"; package a;
service S { rpc Do(M) returns (M); }
${enumText}
${messages.join('\n')}${extend}
`;
  return { text, message: () => makers.get('M')?.(0) ?? {} };
}
