import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Explanation, Occurrence } from '../../../wire/rehearsals.js';
import { count } from '../../../../lib/shown/figures.js';
import { asFailure, type Failure } from '../../api/requestFailure.js';
import { Badge } from '../../parts/badge.js';
import { Section } from '../../parts/page.js';
import { Problem } from '../../parts/problem.js';
import { shown } from '../../parts/text.js';
import { useApp } from '../../state/app.js';
import { link } from '../../state/route.js';
import { useStore } from '../../state/store.js';

function useExplanation(occurrence: Occurrence) {
  const { client, connection } = useApp();
  const generation = useStore(connection.generation);
  const [explanation, setExplanation] = useState<Explanation>();
  const [failure, setFailure] = useState<Failure>();
  const { kind, name } = occurrence;
  useEffect(() => {
    let isOver = false;
    client.post<Explanation>('api/explain', { kind, name }).then(
      (answer) => {
        if (isOver) return;
        setExplanation(answer);
        setFailure(undefined);
      },
      (error: unknown) => {
        if (!isOver) setFailure(asFailure(error));
      },
    );
    return () => {
      isOver = true;
    };
  }, [client, kind, name, generation]);
  return { explanation, failure };
}

/** The reason that explain gives for a missing execution. */
const isAbsent = (reasons: readonly string[]): boolean => reasons.includes('it does not exist');

interface CandidateProps {
  readonly id: string;
  readonly isWinner: boolean;
  /** Why an execution does not apply, or which entries of its list are left out. */
  readonly reasons: readonly string[];
}

function Candidate({ id, isWinner, reasons }: CandidateProps): VNode {
  const name = shown(id, 200);
  return (
    <li class={isWinner ? 'winner' : ''}>
      <span class="entry">
        {isAbsent(reasons) ? (
          <span class="mono long">{name}</span>
        ) : (
          <a class="mono long" href={link(['executions', id])}>
            {name}
          </a>
        )}
        {isWinner && <Badge tone="good" text="applies" />}
        {reasons.map((reason) => (
          <span key={reason} class="quiet">
            {shown(reason, 300)}
          </span>
        ))}
      </span>
    </li>
  );
}

/** Shows the targets that an occurrence calls, and why. */
export function Answer({ occurrence }: { readonly occurrence: Occurrence }): VNode {
  const { explanation, failure } = useExplanation(occurrence);
  if (!explanation) {
    return (
      <section aria-label="Explanation" aria-busy={!failure}>
        <Problem failure={failure} />
        {!failure && <p class="loading">Loading…</p>}
      </section>
    );
  }
  const { candidates, winner, targets, skipped } = explanation;
  const others = skipped.filter(({ executionID }) => !candidates.includes(executionID));
  return (
    <div class="pair">
      <Section
        title="Executions that could apply"
        note="The most specific first; the first that calls a target applies."
      >
        <Problem failure={failure} />
        <ol class="entries">
          {candidates.map((id) => (
            <Candidate
              key={id}
              id={id}
              isWinner={id === winner}
              reasons={skipped.filter(({ executionID }) => executionID === id).map(({ reason }) => reason)}
            />
          ))}
        </ol>
        {others.length > 0 && (
          <ul class="bare">
            {others.map(({ executionID, reason }, place) => (
              <li key={place} class="quiet">
                {shown(executionID, 200)}: {shown(reason, 300)}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section
        title={
          targets.length === 0 ? 'No target is called' : `Called, in this order: ${count(targets.length)}`
        }
        note={
          winner === null ? 'No execution applies.' : 'What one target returns is what the next one is sent.'
        }
      >
        <ol class="entries">
          {targets.map(({ id, name, executionID }, place) => (
            <li key={place}>
              <span class="entry">
                <a href={link(['targets', id])}>{shown(name, 80)}</a>
                {executionID !== winner && <span class="quiet">by {shown(executionID, 120)}</span>}
              </span>
            </li>
          ))}
        </ol>
      </Section>
    </div>
  );
}
