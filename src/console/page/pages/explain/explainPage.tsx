import type { VNode } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Occurrence } from '../../../wire/rehearsals.js';
import type { Kind } from '../../../wire/shared.js';
import type { Catalogue } from '../../../wire/executions.js';
import { Button } from '../../parts/button.js';
import { ChoiceField, TextField } from '../../parts/field.js';
import { Page } from '../../parts/page.js';
import { useApp } from '../../state/app.js';
import { useQuery } from '../../state/query.js';
import { filter, useRoute } from '../../state/route.js';
import { Answer } from './answer.js';
import { Rehearsing } from './rehearsing.js';

const kinds: readonly (readonly [value: Kind, text: string])[] = [
  ['event', 'event'],
  ['request', 'request'],
  ['response', 'response'],
  ['function', 'function'],
];

const examples: Readonly<Record<Kind, string>> = {
  event: 'order.placed',
  request: '/orders.v1.OrderService/PlaceOrder',
  response: '/orders.v1.OrderService/PlaceOrder',
  function: 'preaccesstoken',
};

const isKind = (text: string | undefined): text is Kind => kinds.some(([kind]) => kind === text);

function named(catalogue: Catalogue | undefined, kind: Kind): readonly string[] {
  if (!catalogue) return [];
  if (kind === 'event') return catalogue.events;
  return kind === 'function'
    ? catalogue.functions
    : catalogue.methods.map((method) => `/${method.replace(/^\//, '')}`);
}

/** Keeps the question in the URL, so that operators can share it. */
export function ExplainPage(): VNode {
  const { session } = useApp();
  const { query } = useRoute();
  const asked: Occurrence | undefined =
    isKind(query['kind']) && query['name'] ? { kind: query['kind'], name: query['name'] } : undefined;
  const [kind, setKind] = useState<Kind>(asked?.kind ?? 'event');
  const [name, setName] = useState(asked?.name ?? '');
  const catalogue = useQuery<Catalogue>('api/catalogue');
  // Before the next press, which may already choose another occurrence.
  useLayoutEffect(() => {
    if (!asked) return;
    setKind(asked.kind);
    setName(asked.name);
  }, [asked?.kind, asked?.name]);
  return (
    <Page title="Explain" note="Who would be called for something that happens, and why. Nothing is changed.">
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          filter({ kind, name: name.trim() });
        }}
      >
        <ChoiceField label="What happens" value={kind} options={kinds} onChange={setKind} />
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          placeholder={examples[kind]}
          list="explain-names"
          isRequired
        />
        <datalist id="explain-names">
          {named(catalogue.data, kind).map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <Button type="submit" kind="primary">
          Explain
        </Button>
      </form>
      {asked && (
        <>
          <Answer key={`answer ${asked.kind} ${asked.name}`} occurrence={asked} />
          {session.can.readTargets && (
            <Rehearsing key={`rehearsal ${asked.kind} ${asked.name}`} occurrence={asked} />
          )}
        </>
      )}
    </Page>
  );
}
