import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** Characters that distinguish classes: Latin, and samples of other scripts. */
const samples = [
  ...Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code)),
  '\u061c',
  '\u200b',
  '\u2028',
  '\u202e',
  '\u2060',
  '\u4e00',
  '\ufeff',
];

type Characters = ReadonlySet<string>;

/**
 * Why a regular expression may take more than linear time in the length of its input; `undefined` where it does
 * not. In doubt it reports the expression.
 */
export function superLinear(source: string, flags: string): string | undefined {
  const pattern = new RegExpParser().parsePattern(source, 0, source.length, { unicode: /[uv]/.test(flags) });
  const look = createLook(flags);
  for (const alternative of pattern.alternatives) {
    const isAnchored = flags.includes('y') || startsAtStart(alternative, flags);
    for (const quantifier of look.unboundedIn(alternative)) {
      const why = look.judge(quantifier, isAnchored);
      if (why !== undefined) return `${quantifier.raw} ${why}`;
    }
  }
  return undefined;
}

const startsAtStart = ({ elements: [first] }: AST.Alternative, flags: string): boolean =>
  first?.type === 'Assertion' && first.kind === 'start' && !flags.includes('m');

const isUnbounded = ({ max }: AST.Quantifier) => max === Infinity;

/** The parts of an element, one level down. */
const partsOf = (element: AST.Element): readonly AST.Alternative[] =>
  'alternatives' in element ? element.alternatives : [];

/** Whether an element matches the empty text wherever it stands. */
function isNullable(element: AST.Element): boolean {
  if (element.type === 'Quantifier') return element.min === 0 || isNullable(element.element);
  if (element.type === 'Assertion') return false;
  return partsOf(element).some(({ elements }) => elements.every(isNullable));
}

/** The elements that come after a node, up to the end of the pattern, in the order in which they are matched. */
function following(node: AST.Node): readonly AST.Element[] {
  const { parent } = node;
  if (parent === null || parent.type === 'Pattern' || parent.type === 'RegExpLiteral') return [];
  if (parent.type !== 'Alternative') return following(parent);
  const own = parent.elements.slice(parent.elements.indexOf(node as AST.Element) + 1);
  return [...own, ...following(parent)];
}

function createLook(flags: string) {
  const known = new Map<string, Characters>();

  function characters(element: AST.Element): Characters {
    if (element.type === 'Assertion') return new Set();
    if (element.type === 'Quantifier') return characters(element.element);
    if ('alternatives' in element)
      return new Set(
        partsOf(element).flatMap(({ elements }) => elements.flatMap((each) => [...characters(each)])),
      );
    const { raw } = element;
    const found =
      known.get(raw) ??
      new Set(samples.filter((each) => new RegExp(`^${raw}$`, flags.replace(/[gmy]/g, '')).test(each)));
    known.set(raw, found);
    return found;
  }

  const overlap = (one: Characters, other: Characters) => [...one].some((each) => other.has(each));

  /** The first characters of the texts that these elements match. */
  function firstOf(elements: readonly AST.Element[]): Characters {
    const first = new Set<string>();
    for (const element of elements) {
      const inner = element.type === 'Quantifier' ? element.element : element;
      const parts = partsOf(inner);
      for (const each of parts.length > 0
        ? parts.flatMap((part) => [...firstOf(part.elements)])
        : characters(inner))
        first.add(each);
      if (!isNullable(element)) break;
    }
    return first;
  }

  function unboundedIn(node: AST.Alternative): readonly AST.Quantifier[] {
    return node.elements.flatMap((element) => {
      const inner = element.type === 'Quantifier' ? element.element : element;
      const below = 'alternatives' in inner ? partsOf(inner).flatMap(unboundedIn) : [];
      return element.type === 'Quantifier' && isUnbounded(element) ? [element, ...below] : below;
    });
  }

  /**
   * Whether the end of a run of `run` is certain; otherwise a later quantifier may match a part of it, and a
   * failure makes the engine try each split.
   */
  function sharing(run: Characters, rest: readonly AST.Element[]): 'separate' | 'open' | AST.Quantifier {
    for (const [at, element] of rest.entries()) {
      if (element.type === 'Assertion') continue;
      const isShared = overlap(run, characters(element));
      if (element.type === 'Quantifier' && isUnbounded(element) && isShared) {
        if (rest.slice(at + 1).some((each) => !isNullable(each))) return element;
        continue;
      }
      if (!isShared) {
        if (!isNullable(element)) return 'separate';
        continue;
      }
      const inner = element.type === 'Quantifier' ? element.element : element;
      const ways = partsOf(inner).map(({ elements }) => sharing(run, [...elements, ...rest.slice(at + 1)]));
      const shared = ways.find((way) => typeof way === 'object');
      if (shared !== undefined) return shared;
      if (ways.length > 0 && ways.every((way) => way === 'separate') && !isNullable(element))
        return 'separate';
    }
    return 'open';
  }

  return {
    unboundedIn,
    judge(quantifier: AST.Quantifier, isAnchored: boolean): string | undefined {
      const { element } = quantifier;
      const parts = partsOf(element);
      if (parts.some((part) => unboundedIn(part).length > 0)) return 'repeats what repeats';
      const firsts = parts.map(({ elements }) => firstOf(elements));
      if (firsts.some((one, at) => firsts.slice(at + 1).some((other) => overlap(one, other))))
        return 'repeats alternatives that begin alike';
      const rest = following(quantifier);
      if (!isAnchored && rest.some((each) => !isNullable(each)))
        return 'is tried at every position and may fail after it';
      const other = sharing(characters(element), rest);
      return typeof other === 'object' ? `may share its text with ${other.raw}` : undefined;
    },
  };
}
