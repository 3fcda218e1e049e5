-- What a day of a bank leaves for people to resolve, and what a merchant's statement says of who paid.

-- Days that were closed before keep the statements that were made of them.
alter table closed_day
  add column statement_layout smallint not null default 1 check (statement_layout in (1, 2));

-- A bank that tells no totals: people may say that the file is whole, and then what is missing in it counts.
alter table bank_day
  add column accepted_at int8,
  add column absence_judged_at int8,
  add check (accepted_at is null or state = 'read'),
  add check (absence_judged_at is null or accepted_at is not null);

alter table bank_difference
  add column id int8 generated always as identity unique,
  -- Of what moves money: whether the bank took more than we have (long) or less (short), and how much.
  add column side text check (side in ('long', 'short')),
  add column amount int8 check (amount > 0),
  add column state text not null default 'open' check (state in ('open', 'in_suspense', 'resolved')),
  add column resolution text check (resolution in ('identified', 'covered', 'explained', 'by_file')),
  add column resolved_at int8,
  add check ((side is null) = (amount is null)),
  add check ((state = 'resolved') = (resolution is not null)),
  add check ((state = 'resolved') = (resolved_at is not null)),
  add check (state <> 'in_suspense' or side is not null),
  add check (resolution <> 'identified' or side = 'long'),
  add check (resolution <> 'covered' or side = 'short');
create index bank_difference_unresolved on bank_difference (found_at) where state <> 'resolved';

-- What people do about days of banks. Who agrees is not who asked; what was done is done once.
create table bank_act (
  id uuid primary key,
  kind text not null check (kind in ('to_suspense', 'identified', 'covered', 'explained', 'complete_file')),
  bank text not null,
  day date not null,
  difference_id int8,
  side text check (side in ('long', 'short')),
  amount int8 check (amount > 0),
  wallet_id uuid,
  -- The bucket of that wallet.
  wallet_bucket smallint,
  state text not null check (state in ('asked', 'done', 'declined', 'expired')),
  reason text not null,
  asked_by text not null,
  asked_at int8 not null,
  expires_at int8 not null,
  decided_by text,
  decided_at int8,
  note text,
  check ((kind = 'complete_file') = (difference_id is null)),
  check ((kind = 'identified') = (wallet_id is not null)),
  check ((wallet_id is null) = (wallet_bucket is null)),
  check ((side is null) = (amount is null)),
  check (kind not in ('to_suspense', 'identified', 'covered') or amount is not null),
  check ((state in ('done', 'declined')) = (decided_by is not null)),
  check ((decided_by is null) = (decided_at is null)),
  -- What moves no money, one person may explain.
  check (lower(decided_by) <> lower(asked_by) or (kind = 'explained' and amount is null) or state = 'declined')
);
create unique index bank_act_once on bank_act (difference_id, kind) where state = 'done';
create unique index bank_act_waiting on bank_act (difference_id) where state = 'asked';
create unique index bank_act_file on bank_act (bank, day)
  where kind = 'complete_file' and state in ('asked', 'done');
