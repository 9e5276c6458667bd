import type { JSONValue } from '../../../src/ports.js';

/** Arrays in arrays. */
export const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
export const hex = (text: string) => Buffer.from(text, 'hex');

/** Bodies of a requestResponse target that replaces an object, each an error of the target. */
export const invalidBodies: Readonly<Record<string, string | Uint8Array>> = {
  'white space': ' \n',
  text: 'CANARY, not json',
  'half a document': '{"a":1',
  'two documents': '{"a":1}{"b":2}',
  'two documents on two lines': '{"a":1}\n{"b":2}',
  'a trailing comma': '{"a":1,}',
  'a comment': '{"a":1}//CANARY',
  'single quotes': "{'a':1}",
  'an unquoted name': '{a:1}',
  NaN: '{"a":NaN}',
  Infinity: '{"a":Infinity}',
  undefined: '{"a":undefined}',
  'a leading zero': '{"a":01}',
  'a leading plus': '{"a":+1}',
  'a bare point': '{"a":.5}',
  'a hexadecimal number': '{"a":0x10}',
  'a newline in a string': '{"a":"b\nc"}',
  'a bad escape': '{"a":"\\x41"}',
  'a byte order mark': Buffer.concat([hex('efbbbf'), Buffer.from('{}')]),
  'UTF-16': Buffer.from('{"a":1}', 'utf16le'),
  'a broken UTF-8 sequence': Buffer.concat([Buffer.from('{"a":"'), hex('c328'), Buffer.from('"}')]),
  'an overlong UTF-8 sequence': Buffer.concat([Buffer.from('{"a":"'), hex('c0af'), Buffer.from('"}')]),
  'a surrogate in UTF-8': Buffer.concat([Buffer.from('{"a":"'), hex('eda080'), Buffer.from('"}')]),
  'a cut character': Buffer.concat([Buffer.from('{"a":"'), hex('e282')]),
  null: 'null',
  true: 'true',
  'a number': '5',
  'a string': '"x"',
  'an array': '[{"a":1}]',
  'too deep': `{"a":${nested(64)}}`,
  'ten thousand levels of arrays': nested(10_000),
  'a hundred thousand levels of objects': `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
  'ten thousand levels that are never closed': '['.repeat(10_000),
  __proto__: '{"__proto__":{"admin":true}}',
  '__proto__ further down': '{"a":[{"b":{"__proto__":1}}]}',
  '__proto__ in escapes': '{"\\u005f\\u005fproto__":{"admin":true}}',
  'the same name twice': '{"a":1,"a":2}',
  'the same name twice, in escapes': '{"a":1,"\\u0061":2}',
  'the same name twice further down': '{"a":[{"b":1,"b":1}]}',
  'a large integer with one digit more': '{"a":1730000000000000001}',
  'an integer beyond 2^53': '{"a":9007199254740993}',
  'a negative integer beyond 2^53': '{"a":-9007199254740993}',
  'an endless exponent': '{"a":1e999999999}',
  'too large for a double': '{"a":1e400}',
  'too small for a double': '{"a":1e-400}',
  'more digits than a double keeps': '{"a":0.1000000000000000055511151231257827}',
  'a decimal with twenty digits': '{"a":12345678901.123456789}',
  'a lone surrogate': '{"a":"\\ud800"}',
  'a lone low surrogate': '{"a":"\\udc00x"}',
  'a lone surrogate as a name': '{"\\ud800":1}',
  'surrogates in the wrong order': '{"a":"\\udc00\\ud800"}',
  NUL: '{"a":"\\u0000"}',
  'NUL in a name': '{"a\\u0000":1}',
};

export const validBodies: Readonly<
  Record<string, readonly [body: string, content: JSONValue, replaces?: JSONValue]>
> = {
  'an object': ['{"a":1}', { a: 1 }],
  'an empty object': ['{}', {}],
  'an array for an array': ['[1,[2]]', [1, [2]], [0]],
  'a string for a string': ['"x"', 'x', 'y'],
  'a number for a number': ['5', 5, 4],
  'a boolean for a boolean': ['false', false, true],
  'an object for null': ['{"a":1}', { a: 1 }, null],
  'an array for null': ['[1]', [1], null],
  'white space around': [' \r\n{"a":1}\t', { a: 1 }],
  '64 levels': [`{"a":${nested(63)}}`, { a: JSON.parse(nested(63)) as JSONValue }],
  'brackets in strings': [
    JSON.stringify({ a: '['.repeat(100), b: '{"c":' }),
    { a: '['.repeat(100), b: '{"c":' },
  ],
  'numbers in strings': ['{"a":"9007199254740993"}', { a: '9007199254740993' }],
  'the largest safe integer': [
    '{"a":9007199254740991,"b":-9007199254740991}',
    { a: 2 ** 53 - 1, b: -(2 ** 53 - 1) },
  ],
  decimals: [
    '{"a":0.1,"b":-1.50,"c":1e3,"d":1.5E-7,"e":0.0,"f":123456789.123456}',
    { a: 0.1, b: -1.5, c: 1_000, d: 1.5e-7, e: 0, f: 123456789.123456 },
  ],
  'escapes and pairs': ['{"a":"\\ud83d\\ude80\\n\\u00e9\\"\\\\"}', { a: '🚀\né"\\' }],
  'names of the prototype that do no harm': [
    '{"constructor":1,"prototype":2,"toString":3}',
    { constructor: 1, prototype: 2, toString: 3 },
  ],
  'integers at and beyond 2^53 that a double keeps': [
    '{"a":9007199254740992,"b":-9007199254740994,"c":1730000000000000000}',
    { a: 2 ** 53, b: -(2 ** 53 + 2), c: 1.73e18 },
  ],
  'large exponents': [
    '{"a":1e21,"b":1.73E+18,"c":6.02e23,"d":12e-1}',
    { a: 1e21, b: 1.73e18, c: 6.02e23, d: 1.2 },
  ],
  'names like numbers': ['{"1":"a","0":"b"}', { 0: 'b', 1: 'a' }],
};
