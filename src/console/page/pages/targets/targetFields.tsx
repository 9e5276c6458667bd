import type { VNode } from 'preact';
import { CheckField, ChoiceField, TextField } from '../../parts/field.js';
import type { Draft } from './draft.js';
import { HeaderFields } from './headerFields.js';
import { deliveryKinds, enforcements, orders, payloadTypes, types } from './settingNames.js';

interface TargetFieldsProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

export function TargetFields({ draft, onChange }: TargetFieldsProps): VNode {
  const set = (changed: Partial<Draft>) => onChange({ ...draft, ...changed });
  const isAsync = draft.type === 'async';
  return (
    <>
      <TextField label="Name" value={draft.name} onChange={(name) => set({ name })} isRequired />
      <ChoiceField label="Type" value={draft.type} options={types} onChange={(type) => set({ type })} />
      <TextField
        label="Endpoint"
        value={draft.endpoint}
        onChange={(endpoint) => set({ endpoint })}
        placeholder="https://policy.example/orders"
        isRequired
      />
      <div class="row">
        <TextField
          label="Timeout in milliseconds"
          type="number"
          value={draft.timeoutMs}
          onChange={(timeoutMs) => set({ timeoutMs })}
          isRequired
        />
        <ChoiceField
          label="Payload"
          value={draft.payloadType}
          options={payloadTypes}
          onChange={(payloadType) => set({ payloadType })}
        />
      </div>
      <div class="row">
        <ChoiceField
          label="Answers are"
          value={draft.enforcement}
          options={enforcements}
          onChange={(enforcement) => set({ enforcement })}
        />
        {draft.enforcement === 'enforce' && (
          <TextField
            label="Enforced share in percent"
            type="number"
            value={draft.enforcePercent}
            onChange={(enforcePercent) => set({ enforcePercent })}
            isRequired
          />
        )}
      </div>
      {!isAsync && (
        <CheckField
          label="An error of the target fails the operation"
          isChecked={draft.interruptOnError}
          onChange={(interruptOnError) => set({ interruptOnError })}
        />
      )}
      {isAsync && (
        <ChoiceField
          label="Delivery"
          value={draft.delivery}
          options={deliveryKinds}
          onChange={(delivery) => set({ delivery })}
        />
      )}
      {isAsync && draft.delivery === 'durable' && (
        <div class="row">
          <ChoiceField
            label="Order"
            value={draft.order}
            options={orders}
            onChange={(order) => set({ order })}
          />
          <TextField
            label="Deliver from"
            value={draft.deliverFrom}
            onChange={(deliverFrom) => set({ deliverFrom })}
            hint="now, beginning, or a position"
          />
        </div>
      )}
      <HeaderFields headers={draft.headers} onChange={(headers) => set({ headers })} />
    </>
  );
}
