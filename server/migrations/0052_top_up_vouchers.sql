-- Top-up vouchers (see server/src/top-up-vouchers): value on a card, for whoever brings its code.

create table top_up_voucher_batch (
  id uuid primary key,
  -- The first half of every serial number.
  no int8 not null generated always as identity unique,
  name text not null,
  -- Who sells them, and owes for those that were activated.
  seller text not null,
  amount int8 not null check (amount > 0),
  count int8 not null check (count between 1 and 100000),
  valid_until int8 not null,
  state text not null check (state in ('requested', 'made', 'active', 'expired', 'blocked')),
  asked_by text not null,
  agreed_by text not null,
  asked_at int8 not null,
  made_at int8,
  check (lower(asked_by) <> lower(agreed_by)),
  check (state <> 'requested' or made_at is null),
  check (state not in ('made', 'active', 'expired') or made_at is not null)
);

-- In the bucket of its code: a code must be unique among all. The code itself is nowhere.
create table top_up_voucher (
  bucket smallint not null,
  code_mac text not null,
  batch_id uuid not null,
  -- Of the batch a million times, and the number in it.
  serial int8 not null,
  amount int8 not null check (amount > 0),
  valid_until int8 not null,
  state text not null check (state in ('made', 'active', 'used', 'expired', 'blocked')),
  activated_at int8,
  ended_at int8,
  use_id uuid,
  primary key (bucket, code_mac),
  check ((state = 'used') = (use_id is not null)),
  check ((state in ('made', 'active')) = (ended_at is null)),
  check (state not in ('active', 'used') or activated_at is not null),
  check (state <> 'made' or activated_at is null)
) with (fillfactor = 80);
create index top_up_voucher_serial on top_up_voucher (batch_id, serial);

-- In the bucket of the wallet, where the key of the request is unique.
create table top_up_voucher_use (
  bucket smallint not null,
  id uuid not null,
  wallet_id uuid not null,
  key text not null,
  code_mac text not null,
  serial int8 not null,
  amount int8 not null check (amount > 0),
  at int8 not null,
  primary key (bucket, id)
);
create unique index top_up_voucher_use_key on top_up_voucher_use (bucket, wallet_id, key);
