-- Wallets, and the movements into them and out of them (see server/src/wallet/movement.ts). All in the bucket
-- of the number. What is in a wallet stands in the ledger alone.

create table wallet_account (
  bucket smallint not null,
  id uuid not null,
  version int not null,
  msisdn text not null,
  identity_id uuid not null,
  class text not null check (class in ('I', 'II', 'III')),
  state text not null check (state in ('open', 'closing', 'closed')),
  opened_at int8 not null,
  closed_at int8,
  -- The number was given up: what is left belongs to the identity.
  released_at int8,
  primary key (bucket, id),
  check ((state = 'closed') = (closed_at is not null))
);
-- A number has one wallet.
create unique index wallet_account_number on wallet_account (bucket, msisdn)
  where state <> 'closed' and released_at is null;

create table wallet_movement (
  bucket smallint not null,
  id uuid not null,
  version int not null,
  wallet_id uuid not null,
  msisdn text not null,
  kind text not null check (kind in ('top_up', 'withdrawal', 'cash_in', 'cash_out')),
  amount int8 not null check (amount > 0),
  fee int8 not null check (fee >= 0),
  speed text check (speed in ('same_day', 'next_day')),
  bank text,
  card_id uuid,
  card_token uuid,
  last4 text,
  till text,
  channel text not null,
  key text not null,
  state text not null,
  reason text,
  bank_code text,
  -- Of a bank that keeps the PIN itself: until the bank has been asked, and sealed.
  sealed_pin text check (sealed_pin like 'k1.%'),
  requested_at int8 not null,
  send_at int8,
  unknown_since int8,
  ended_at int8,
  business_date date,
  primary key (bucket, id),
  check (case kind
    when 'top_up' then state in ('requested', 'unknown', 'done', 'refused', 'reversed')
    when 'withdrawal' then state in ('requested', 'unknown', 'paid', 'returned')
    else state = 'done' end),
  check ((kind in ('top_up', 'withdrawal')) = (bank is not null)),
  check ((kind in ('cash_in', 'cash_out')) = (till is not null)),
  check ((state in ('requested', 'unknown')) = (ended_at is null)),
  check (sealed_pin is null or state = 'requested')
) with (fillfactor = 80);
-- A request is made once.
create unique index wallet_movement_key on wallet_movement (bucket, msisdn, key);
-- Ids are in the order of time.
create index wallet_movement_wallet on wallet_movement (bucket, wallet_id, id);

-- What happened to a wallet or a movement, in order: one row a step, never changed.
create table wallet_event (
  bucket smallint not null,
  subject uuid not null,
  seq int not null,
  type text not null,
  state text not null,
  at int8 not null,
  primary key (bucket, subject, seq)
);
