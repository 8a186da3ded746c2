-- Payments of cards: captured in parts, incremented, renewed, lapsed.
alter table payments drop constraint payments_state_check, add constraint payments_state_check
  check (state in ('authenticating', 'pending', 'authorized', 'part_captured', 'captured', 'declined', 'canceled', 'expired'));

-- What rows of the first version did not say.
update payments set data = data || jsonb_build_object(
  'authorized', case when state in ('authorized', 'captured') then data -> 'amount' else jsonb_set(data -> 'amount', '{value}', '"0"') end,
  'captures', case when state = 'captured' then jsonb_build_array(jsonb_build_object(
    'networkId', data -> 'networkPaymentId', 'amount', data -> 'captured',
    'returned', jsonb_set(data -> 'amount', '{value}', to_jsonb(
      ((data #>> '{refunded,value}')::bigint + (data #>> '{refunding,value}')::bigint)::text)))) else '[]'::jsonb end,
  'estimated', false, 'onExpiry', 'release', 'expiresAt', null, 'expiryJob', null, 'reauthorizations', 0, 'checks', null,
  'exemption', null, 'authentication', null, 'rules',
  '{"unavailable": "continue", "mismatch": {"cvv": "accept", "address": "accept"}}'::jsonb);
update marketplaces set data = data || '{"cardRules": {"authenticate": {"always": false, "from": {}, "countries": [],
  "lowValueBelow": {}, "unavailable": "continue"}, "mismatch": {"cvv": "accept", "address": "accept"}}}';
update operations set data = data || '{"part": null, "networkCaptureId": null}';
update refunds r set data = r.data || jsonb_build_object('capture', p.data -> 'networkPaymentId')
  from payments p where r.data ->> 'payment' = 'pay_' || replace(p.id::text, '-', '');
update orders set data = jsonb_set(data, '{instalments}', (
  select jsonb_agg(i || jsonb_build_object('captured',
      case when i ->> 'state' = 'paid' then i -> 'amount' else jsonb_set(i -> 'amount', '{value}', '"0"') end) order by n)
    from jsonb_array_elements(data -> 'instalments') with ordinality x(i, n)));
update settlements set data = data || jsonb_build_object('disputes', jsonb_set(data -> 'fees', '{value}', '"0"'));
