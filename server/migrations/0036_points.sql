-- Points (see server/src/points): a second unit in the same ledger, which never mixes with money.

-- Not validated: that would hold up all traffic while it reads the whole table, and there were no points before.
-- Whatever is written from now on is held to it, and `verify` looks at all rows.
alter table transfer add constraint transfer_one_unit
  check (starts_with(debit_account, 'points-') = starts_with(credit_account, 'points-')) not valid;

-- What is promised, from when on: one row for each change, never altered.
create table points_programme (
  since int8 primary key,
  is_on boolean not null,
  per_yuan int8 not null check (per_yuan between 1 and 1000),
  sources text not null,
  author text not null
);

-- What a wallet has, by the last day on which it is good. All of a wallet are its balance in the ledger.
create table points_lot (
  bucket smallint not null,
  wallet_id uuid not null,
  expires_on date not null,
  points int8 not null check (points >= 0),
  primary key (bucket, wallet_id, expires_on)
) with (fillfactor = 80);
create index points_lot_due on points_lot (expires_on) where points > 0;

-- To be taken back and not there any more: from what is earned next.
create table points_debt (
  bucket smallint not null,
  wallet_id uuid not null,
  points int8 not null check (points >= 0),
  primary key (bucket, wallet_id)
) with (fillfactor = 80);

create table points_earning (
  bucket smallint not null,
  payment_id uuid not null,
  wallet_id uuid not null,
  per_yuan int8 not null,
  earned int8 not null check (earned > 0),
  taken int8 not null check (taken between 0 and earned),
  expires_on date not null,
  primary key (bucket, payment_id)
) with (fillfactor = 90);

create table points_reward (
  id uuid primary key,
  name_zh text not null,
  name_en text not null,
  price int8 not null check (price > 0),
  kind text not null check (kind in ('voucher', 'stock')),
  -- How many there ever were, and how many can still be had.
  stock int8 not null check (stock >= 0),
  remaining int8 not null check (remaining between 0 and stock),
  offered_from int8 not null,
  offered_until int8 not null,
  check (offered_from < offered_until)
);

-- Codes of vouchers, sealed. One that was given back unseen is given again.
create table points_voucher (
  reward_id uuid not null,
  place int8 not null,
  code text not null,
  digest text not null,
  redemption_id uuid,
  primary key (reward_id, place)
);
create unique index points_voucher_once on points_voucher (digest);
create unique index points_voucher_taken on points_voucher (redemption_id) where redemption_id is not null;
create index points_voucher_free on points_voucher (reward_id, place) where redemption_id is null;

create table points_redemption (
  bucket smallint not null,
  id uuid not null,
  wallet_id uuid not null,
  key text not null,
  reward_id uuid not null,
  points int8 not null check (points > 0),
  -- From which lots, so that a cancelled one gives back what was taken.
  parts jsonb not null,
  state text not null check (state in ('taken', 'shown', 'cancelled')),
  code text,
  at int8 not null,
  ended_at int8,
  primary key (bucket, id),
  check ((state = 'taken') = (ended_at is null)),
  check ((state = 'cancelled') = (code is null))
);
create unique index points_redemption_key on points_redemption (bucket, wallet_id, key);

create table points_adjustment (
  bucket smallint not null,
  id uuid not null,
  wallet_id uuid not null,
  points int8 not null check (points <> 0),
  reason text not null,
  asked_by text not null,
  agreed_by text not null,
  at int8 not null,
  primary key (bucket, id),
  check (lower(asked_by) <> lower(agreed_by))
);
