import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import type { MoveField, Order } from '../api/client.ts';
import { decimalText, moneyText } from '../format/money.ts';
import { CardField } from './CardField.tsx';
import { currencyOf, optionsOf, type Values } from './form.ts';

interface Props {
  readonly fields: readonly MoveField[];
  readonly order: Order;
  readonly values: Values;
  readonly errors: Readonly<Record<string, string>>;
  readonly onChange: (name: string, value: string) => void;
  readonly onToken: (name: string, token: string) => void;
}

/** The fields of a move as inputs; a card field is the vault's frame. */
export function MoveFields({ fields, order, values, errors, onChange, onToken }: Props) {
  return fields.map((field) => {
    const common = {
      label: field.label,
      required: field.required,
      value: values[field.name] ?? '',
      error: errors[field.name] ?? null,
    };
    const onInput = (event: { readonly currentTarget: { readonly value: string } }): void =>
      onChange(field.name, event.currentTarget.value);
    if (field.type === 'card') {
      return (
        <CardField key={field.name} marketplace={order.marketplace} onToken={(token) => onToken(field.name, token)} />
      );
    }
    if (field.type === 'select') {
      return <NativeSelect key={field.name} {...common} data={optionsOf(field)} onChange={onInput} />;
    }
    if (field.type === 'check') {
      return (
        <Checkbox
          key={field.name}
          size="sm"
          label={field.label}
          checked={values[field.name] === 'true'}
          onChange={(event) => onChange(field.name, event.currentTarget.checked ? 'true' : '')}
        />
      );
    }
    if (field.type === 'text') return <TextInput key={field.name} {...common} onChange={onInput} />;
    const { max } = field;
    const bound = boundText(field);
    return (
      <div key={field.name} className="money-field">
        <TextInput
          {...common}
          className="money-input"
          inputMode="decimal"
          autoComplete="off"
          leftSection={<span className="amount-currency">{currencyOf(field, order)}</span>}
          leftSectionWidth={52}
          description={common.error !== null ? null : bound}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          onChange={onInput}
        />
        {max !== undefined && (
          <Button
            size="compact-xs"
            variant="subtle"
            className="all-of-it"
            onClick={() => onChange(field.name, decimalText(max))}
          >
            All of it
          </Button>
        )}
      </div>
    );
  });
}

function boundText({ max, above }: MoveField): string | null {
  if (max !== undefined) return `At most ${moneyText(max)}`;
  return above === undefined ? null : `More than ${moneyText(above)}`;
}
