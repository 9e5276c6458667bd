import type { ActiveTarget } from '../target/target.js';
import type { Match, ResolvedTarget } from './resolve.js';

/** The targets of an event: those called before the append, and those delivered to after it. */
interface EventRoute {
  /**
   * The match without its durable targets; `undefined` where only durable targets matched: the append then waits for no
   * call.
   */
  readonly inline: Match | undefined;
  /** Durable targets, each once, even where a list names one twice. */
  readonly durable: readonly ResolvedTarget[];
}

export const isDurable = ({ type, delivery }: ActiveTarget): boolean =>
  type === 'async' && delivery === 'durable';

const known = new WeakMap<Match, EventRoute>();

function split(match: Match): EventRoute {
  const inline = match.targets.filter(({ target }) => !isDurable(target));
  if (inline.length === match.targets.length) return { inline: match, durable: [] };
  const durable = new Map<string, ResolvedTarget>();
  for (const resolved of match.targets)
    if (isDurable(resolved.target) && !durable.has(resolved.targetID))
      durable.set(resolved.targetID, resolved);
  return {
    inline: inline.length === 0 ? undefined : { ...match, targets: inline },
    durable: [...durable.values()],
  };
}

/** Splits the match of an event, once for each match. */
export function eventRoute(match: Match): EventRoute {
  let route = known.get(match);
  if (!route) known.set(match, (route = split(match)));
  return route;
}
