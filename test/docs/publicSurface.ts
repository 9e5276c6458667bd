import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import ts from 'typescript';

/** One name of the public surface: an export of a subpath, or a member of a type that a user passes or gets. */
export interface PublicName {
  /** E.g. `eventstore-actions/sqlite`. */
  readonly subpath: string;
  /** E.g. `ActionsOptions.limits`. */
  readonly name: string;
  readonly file: string;
  /** The text of the docstring, without its tags. */
  readonly text: string;
  readonly tags: readonly { readonly name: string; readonly text: string }[];
  readonly type: string;
  readonly isOptional: boolean;
  readonly returnsPromise: boolean;
  /** The names of the types that it extends. */
  readonly extended: readonly string[];
}

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
};

/** The source of every subpath that has types. */
const entries: ReadonlyMap<string, string> = new Map(
  Object.entries(exports).flatMap(([subpath, entry]) =>
    typeof entry === 'string'
      ? []
      : [[subpath, entry.types.replace('./dist/', 'src/').replace(/\.d\.ts$/, '.ts')] as const],
  ),
);

function openProgram(): ts.Program {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as {
    readonly config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  // The sources import the types that they use: the global types of the tests are of no use here.
  return ts.createProgram([...entries.values()], { ...options, types: [] });
}

const isOurs = (node: ts.Node): boolean => relative('.', node.getSourceFile().fileName).startsWith('src/');

const basesOf = (node: ts.InterfaceDeclaration): readonly string[] =>
  (node.heritageClauses ?? []).flatMap(({ types }) => types.map(({ expression }) => expression.getText()));

/** Whether a function of ours, by any of its signatures, returns a promise. */
const returnsPromise = (type: ts.Type): boolean =>
  type
    .getCallSignatures()
    .some(
      (signature) =>
        signature.declaration &&
        isOurs(signature.declaration) &&
        signature.getReturnType().getSymbol()?.name === 'Promise',
    );

let surface: readonly PublicName[] | undefined;

/** All declarations that a user can reach from the exports of all subpaths, each once. Read once in a process. */
export const publicSurface = (): readonly PublicName[] => (surface ??= readSurface());

function readSurface(): readonly PublicName[] {
  const program = openProgram();
  const checker = program.getTypeChecker();
  const seen = new Set<ts.Symbol>();
  const names: PublicName[] = [];

  function note(subpath: string, name: string, symbol: ts.Symbol, node: ts.Node): void {
    const type = checker.getTypeOfSymbolAtLocation(symbol, node);
    names.push({
      subpath,
      name,
      file: relative('.', node.getSourceFile().fileName),
      text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
      tags: symbol.getJsDocTags(checker).map((tag) => ({
        name: tag.name,
        text: ts.displayPartsToString(tag.text),
      })),
      type: checker.typeToString(type, node, ts.TypeFormatFlags.NoTruncation),
      isOptional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
      returnsPromise: returnsPromise(checker.getNonNullableType(type)),
      extended: ts.isInterfaceDeclaration(node) ? basesOf(node) : [],
    });
  }

  /** The declarations of the types that a declaration names. */
  function followTypes(subpath: string, node: ts.Node): void {
    node.forEachChild(function visit(child): void {
      if (ts.isBlock(child)) return;
      if (ts.isTypeReferenceNode(child) || ts.isExpressionWithTypeArguments(child)) {
        const named = ts.isTypeReferenceNode(child) ? child.typeName : child.expression;
        const symbol = checker.getSymbolAtLocation(named);
        if (symbol) visitSymbol(subpath, symbol);
      }
      child.forEachChild(visit);
    });
  }

  function visitMembers(subpath: string, owner: string, declaration: ts.Node): void {
    const members = ts.isInterfaceDeclaration(declaration)
      ? declaration.members
      : ts.isClassDeclaration(declaration)
        ? declaration.members.filter(
            (member) =>
              !ts.isConstructorDeclaration(member) && member.name && !ts.isPrivateIdentifier(member.name),
          )
        : ts.isTypeAliasDeclaration(declaration) && ts.isTypeLiteralNode(declaration.type)
          ? declaration.type.members
          : [];
    for (const member of members) {
      const symbol = member.name && checker.getSymbolAtLocation(member.name);
      if (symbol) note(subpath, `${owner}.${symbol.name.replace(/^__@(\w+)@\d+$/, '[$1]')}`, symbol, member);
    }
  }

  function visitSymbol(subpath: string, given: ts.Symbol): void {
    const symbol = given.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(given) : given;
    if (seen.has(symbol)) return;
    seen.add(symbol);
    const [declaration] = symbol.declarations ?? [];
    if (!declaration || !isOurs(declaration) || ts.isTypeParameterDeclaration(declaration)) return;
    note(subpath, symbol.name, symbol, declaration);
    for (const each of symbol.declarations ?? []) {
      visitMembers(subpath, symbol.name, each);
      if (ts.isFunctionDeclaration(each)) {
        for (const parameter of each.parameters) followTypes(subpath, parameter);
        if (each.type) followTypes(subpath, ts.factory.createParenthesizedType(each.type));
        if (each.type) followTypes(subpath, each);
      } else followTypes(subpath, each);
    }
  }

  for (const [subpath, file] of entries) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${file} of ${subpath} is no module`);
    for (const symbol of checker.getExportsOfModule(module)) visitSymbol(subpath, symbol);
  }
  return names;
}
