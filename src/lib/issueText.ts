import type { z } from 'zod';
import { suggestion } from './reading/nearestName.js';
import { shownText } from './shown/shownText.js';

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  bigint: 'a bigint',
  date: 'a date',
  array: 'an array',
  tuple: 'an array',
  object: 'an object',
  record: 'an object',
  map: 'a Map',
  set: 'a Set',
  function: 'a function',
  undefined: 'absent',
  null: 'null',
  never: 'absent',
};

const mostShown = 5;
const longestShown = 80;
const shown = (values: readonly unknown[]): string => {
  const texts = values.slice(0, mostShown).map((value) => shownText(String(value).slice(0, longestShown)));
  return texts.join(', ') + (values.length > mostShown ? ', ...' : '');
};

const entries = ['entry', 'entries'] as const;
const sizes: Readonly<Record<string, readonly [one: string, more: string]>> = {
  string: ['character', 'characters'],
  array: entries,
  set: entries,
  map: entries,
};

/** `at most 5 characters`, `above 0`. */
function bound(origin: string, limit: number | bigint, words: string): string {
  const unit = sizes[origin];
  if (unit === undefined) return `must be ${words} ${limit}`;
  return `must have ${words} ${limit} ${Number(limit) === 1 ? unit[0] : unit[1]}`;
}

/** The texts of all forms of a union, each once: `must be a string, or an object`. */
function formsOf(issues: readonly (readonly { readonly message: string }[])[]): string {
  const forms = new Set(issues.flatMap(([first]) => (first === undefined ? [] : [first.message])));
  return [...forms].map((form, at) => (at === 0 ? form : form.replace(/^must be /, ''))).join(', or ');
}

/** The fields of the object that an issue is about. */
function fieldsOf({ inst }: z.core.$ZodRawIssue): readonly string[] {
  const { shape } = (inst?._zod.def ?? {}) as { readonly shape?: object };
  return Object.keys(shape ?? {});
}

/**
 * The text of a schema's issue in the words of this library, without the value, which may be a secret. A message that
 * the schema brings itself is kept.
 */
export const issueText: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'too_small':
      if (issue.origin === 'string' && Number(issue.minimum) === 1) return 'must not be empty';
      return bound(issue.origin, issue.minimum, issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return bound(issue.origin, issue.maximum, issue.inclusive === false ? 'less than' : 'at most');
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${shown(issue.values)}`;
    case 'unrecognized_keys':
      return `has no ${issue.keys.length === 1 ? 'field' : 'fields'} ${shown(issue.keys)}${suggestion(issue.keys, fieldsOf(issue))}`;
    case 'invalid_format':
      return 'does not have the form that it needs';
    case 'invalid_union':
      return formsOf(issue.errors) || 'has a form that is not allowed';
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    default:
      return undefined;
  }
};
