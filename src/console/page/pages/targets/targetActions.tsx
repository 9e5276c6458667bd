import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PauseTarget, RemoveTarget, Target } from '../../../wire/targets.js';
import { targetPath } from '../../api/apiPath.js';
import { Button } from '../../parts/button.js';
import { Confirm } from '../../parts/dialogs/confirm.js';
import { shown } from '../../parts/text.js';
import { useApp } from '../../state/app.js';
import { useChange } from '../../state/change.js';
import { go, link } from '../../state/route.js';
import { ChangeTarget } from './changeTarget.js';
import { RotateKey } from './rotateKey.js';

type Opened = 'change' | 'pause' | 'rotate' | 'remove';

interface TargetActionsProps {
  readonly target: Target;
  readonly onChanged: (target: Target) => void;
}

/** The changes that the caller may make to a target. */
export function TargetActions({ target, onChanged }: TargetActionsProps): VNode {
  const { client, session, said } = useApp();
  const change = useChange();
  const [opened, setOpened] = useState<Opened>();
  const close = () => {
    setOpened(undefined);
    change.forget();
  };
  const { id, name, revision, paused } = target;
  const pause = async () => {
    const body: PauseTarget = { revision, paused: !paused };
    onChanged(await client.post<Target>(targetPath(id, 'pause'), body));
    said.set(paused ? 'Deliveries go on.' : 'Deliveries are paused.');
    close();
  };
  const remove = async () => {
    await client.post(targetPath(id, 'remove'), { revision } satisfies RemoveTarget);
    close();
    go(link(['targets']));
  };
  const { writeTargets, deleteTargets } = session.can;
  return (
    <>
      {writeTargets && (
        <>
          <Button kind="primary" onPress={() => setOpened('change')}>
            Change
          </Button>
          <Button onPress={() => setOpened('rotate')}>Rotate key</Button>
          {target.delivery === 'durable' && (
            <Button onPress={() => setOpened('pause')}>{paused ? 'Resume' : 'Pause'}</Button>
          )}
        </>
      )}
      {deleteTargets && (
        <Button kind="danger" onPress={() => setOpened('remove')}>
          Remove
        </Button>
      )}
      {opened === 'change' && <ChangeTarget target={target} onChanged={onChanged} onClose={close} />}
      {opened === 'rotate' && <RotateKey target={target} onChanged={onChanged} onClose={close} />}
      {opened === 'pause' && (
        <Confirm
          title={paused ? 'Resume deliveries' : 'Pause deliveries'}
          does={paused ? 'Resume' : 'Pause'}
          change={change}
          onConfirm={() => change.run(pause)}
          onClose={close}
        >
          <p>
            {paused
              ? 'What waits is delivered from where it stopped.'
              : 'Nothing is sent until it is resumed; no event is lost.'}
          </p>
        </Confirm>
      )}
      {opened === 'remove' && (
        <Confirm
          title="Remove the target"
          does="Remove"
          isDangerous
          change={change}
          onConfirm={() => change.run(remove)}
          onClose={close}
        >
          <p>
            <strong>{shown(name, 100)}</strong> is called no longer; executions that name it skip it. Its
            signing key and its header values are gone for good.
          </p>
        </Confirm>
      )}
    </>
  );
}
