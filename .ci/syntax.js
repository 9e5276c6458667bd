const noDefault = { selector: 'ExportDefaultDeclaration', message: 'Export by name.' };
const noEnum = { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' };
const noSpreadLiteral = {
  selector: 'SpreadElement > :matches(ObjectExpression, ArrayExpression)',
  message: 'Write its members where they belong: a spread hides their types from the compiler.',
};
/** What no file has, of src, tests or docs. */
export const everywhere = [noDefault, noEnum, noSpreadLiteral];

export const noBarrel = [
  { selector: 'ExportAllDeclaration', message: 'Name each export.' },
  {
    selector: 'ExportNamedDeclaration[source]',
    message: 'Only the index.ts of a subpath re-exports; import from the file that declares it.',
  },
];
export const onlyBarrel = [
  noBarrel[0],
  {
    selector: 'Program > :not(ExportNamedDeclaration[source])',
    message: 'The index.ts of a subpath only re-exports.',
  },
];
/** One function shows texts of others in errors: it escapes what shows nothing. */
export const noBareText = {
  selector:
    "NewExpression[callee.name=/Error$/] TemplateLiteral > CallExpression[callee.object.name='JSON'][callee.property.name='stringify']",
  message: 'Show a text in an error with shownText, shownName or shownValue.',
};

export const noTextOfThrown = {
  selector: "CallExpression[callee.name='String'] > Identifier[name=/^(error|cause|reason|failure)$/]",
  message: 'A thrown value may have no text, and String throws then: call thrownText or thrownWithName.',
};
export const noDynamicImport = {
  selector: 'ImportExpression',
  message: 'A pure place loads nothing by itself.',
};
