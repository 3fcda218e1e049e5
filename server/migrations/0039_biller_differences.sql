-- What differs with billers is resolved by people, as what differs with banks: asked for by one, agreed to by another.

alter table biller_difference
  add column id int8 generated always as identity unique,
  -- Of the payment in the biller's file.
  add column receipt_no text,
  add column resolution text check (resolution in ('received', 'returned', 'covered', 'explained')),
  add column resolved_at int8,
  add check ((resolution is null) = (resolved_at is null));
create index biller_difference_unresolved on biller_difference (found_at) where resolution is null;

create table biller_act (
  id uuid primary key,
  kind text not null check (kind in ('received', 'returned', 'covered', 'explained')),
  difference_id int8 not null,
  biller text not null,
  -- What own money pays to the biller.
  amount int8 check (amount > 0),
  state text not null check (state in ('asked', 'done', 'declined', 'expired')),
  reason text not null,
  asked_by text not null,
  asked_at int8 not null,
  expires_at int8 not null,
  decided_by text,
  decided_at int8,
  note text,
  check ((kind = 'covered') = (amount is not null)),
  check ((state in ('done', 'declined')) = (decided_by is not null)),
  check ((decided_by is null) = (decided_at is null)),
  check (lower(decided_by) <> lower(asked_by) or state = 'declined')
);
create unique index biller_act_once on biller_act (difference_id) where state in ('asked', 'done');
create index biller_act_difference on biller_act (difference_id, asked_at);
