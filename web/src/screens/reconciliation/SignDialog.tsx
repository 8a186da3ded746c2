/**
 * The dialog that signs a break or a line off. The key is minted once per dialog, so that pressing again after a lost
 * answer repeats the same request.
 */
import { Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Problem } from '../../api/client.ts';
import { mintKey } from '../../api/mint-key.ts';
import { useReconcile } from '../../queries/reconciliation.ts';
import type { SignedField, SignedQuestion } from './signed-question.ts';

type Values = Readonly<Record<string, string>>;

export function SignDialog({ question, close }: { readonly question: SignedQuestion; readonly close: () => void }) {
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(question.fields.map(({ name, options }) => [name, options?.[0]?.value ?? ''])),
  );
  const [asked, setAsked] = useState(false);
  const [key] = useState(mintKey);
  const reconcile = useReconcile();
  const missing = question.fields.filter(({ name }) => (values[name] ?? '').trim() === '');
  return (
    <Modal opened onClose={close} title={question.title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        className="move"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (missing.length > 0) return;
          reconcile.mutate({ path: question.path, body: values, key }, { onSuccess: close });
        }}
      >
        <p className="move-context">{question.context}</p>
        {reconcile.error !== null && (
          <div className="notice tone-bad" role="alert">
            {reconcile.error.message} {reconcile.error instanceof Problem && <code>{reconcile.error.code}</code>}
          </div>
        )}
        {question.fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            missing={asked && missing.includes(field)}
            change={(value) => setValues({ ...values, [field.name]: value })}
          />
        ))}
        <div className="move-buttons">
          <Button variant="default" onClick={close}>
            Not now
          </Button>
          <Button type="submit" loading={reconcile.isPending}>
            {question.confirm}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface FieldProps {
  readonly field: SignedField;
  readonly value: string;
  readonly missing: boolean;
  readonly change: (value: string) => void;
}

function Field({ field, value, missing, change }: FieldProps) {
  const common = {
    label: field.label,
    required: true,
    value,
    error: missing ? `${field.label} is needed.` : null,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => change(event.currentTarget.value),
  };
  if (field.options !== undefined) return <NativeSelect {...common} data={[...field.options]} />;
  return <TextInput {...common} description={field.description ?? null} />;
}
