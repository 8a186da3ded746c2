-- Orders and operations know the job that waits for them, so that the move that makes it pointless can withdraw it.
update orders o set data = o.data || jsonb_build_object('deadline', j.id)
  from (select subject, max(replace(id::text, '-', '')) as id from jobs where kind like 'protection.%' group by subject) j
 where j.subject = 'ord_' || replace(o.id::text, '-', '');
update operations o set data = o.data || jsonb_build_object('resumeJob', j.id)
  from (select subject, max(replace(id::text, '-', '')) as id from jobs where kind = 'payments.resolve_operation' group by subject) j
 where j.subject = 'opn_' || replace(o.id::text, '-', '');
