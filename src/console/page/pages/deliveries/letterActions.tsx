import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Letters, Requested } from '../../../wire/deliveries.js';
import { count } from '../../../../lib/shown/figures.js';
import { Button } from '../../parts/button.js';
import { Confirm } from '../../parts/dialogs/confirm.js';
import { useApp } from '../../state/app.js';
import { useChange } from '../../state/change.js';

interface LetterActionsProps {
  /** The ids of the chosen dead letters. */
  readonly ids: readonly string[];
  /** The ids of the page. */
  readonly all: readonly string[];
  /** The listed target; absent where the list has all targets. */
  readonly targetID: string | undefined;
  readonly onChoose: (ids: readonly string[]) => void;
}

interface Asked {
  readonly does: 'replay' | 'discard';
  readonly letters: Letters;
}

const many = (amount: number): string => `${count(amount)} ${amount === 1 ? 'dead letter' : 'dead letters'}`;

/** The buttons that replay or discard the chosen dead letters, or all dead letters of a target. */
export function LetterActions({ ids, all, targetID, onChoose }: LetterActionsProps): VNode {
  const { client, said } = useApp();
  const change = useChange();
  const [asked, setAsked] = useState<Asked>();
  const close = () => {
    setAsked(undefined);
    change.forget();
  };
  const carryOut = ({ does, letters }: Asked) =>
    change.run(async () => {
      const { deadLetters, more } = await client.post<Requested>(`api/deliveries/${does}`, letters);
      said.set(
        `${many(deadLetters)} ${does === 'replay' ? 'will be delivered once more' : 'will be discarded'}: workers carry it out.${more ? ' There are others: ask once more.' : ''}`,
      );
      onChoose([]);
      close();
    });
  const what =
    asked && 'ids' in asked.letters ? many(asked.letters.ids.length) : 'All dead letters of the target';
  const isNone = ids.length === 0;
  return (
    <div class="actions letters">
      <span class="quiet" role="status">
        {many(ids.length)} chosen
      </span>
      <Button onPress={() => onChoose(ids.length === all.length ? [] : all)}>
        {ids.length === all.length ? 'Choose none' : 'Choose all on this page'}
      </Button>
      <Button
        kind="primary"
        isDisabled={isNone}
        onPress={() => setAsked({ does: 'replay', letters: { ids } })}
      >
        Replay
      </Button>
      <Button
        kind="danger"
        isDisabled={isNone}
        onPress={() => setAsked({ does: 'discard', letters: { ids } })}
      >
        Discard
      </Button>
      {targetID !== undefined && (
        <Button onPress={() => setAsked({ does: 'replay', letters: { targetID } })}>
          Replay all of this target
        </Button>
      )}
      {asked && (
        <Confirm
          title={asked.does === 'replay' ? 'Replay dead letters' : 'Discard dead letters'}
          does={asked.does === 'replay' ? 'Replay' : 'Discard'}
          isDangerous={asked.does === 'discard'}
          change={change}
          onConfirm={() => carryOut(asked)}
          onClose={close}
        >
          <p>
            {what}{' '}
            {asked.does === 'replay'
              ? 'will be delivered once more.'
              : 'will never be delivered. This cannot be undone.'}
          </p>
        </Confirm>
      )}
    </div>
  );
}
