-- Bills of others (see server/src/billers): water, power, gas, telephone, paid from a wallet. All in the bucket of
-- the number that asked. What is owed to a biller stands in the ledger.

create table biller_bill (
  bucket smallint not null,
  id uuid not null,
  version int not null,
  wallet_id uuid not null,
  msisdn text not null,
  -- The caller's name for the payment; there is none until somebody pays.
  key text,
  state text not null,
  biller text not null,
  name_zh text not null,
  name_en text not null,
  account_no text not null,
  holder text,
  bill_no text not null,
  items jsonb not null,
  due int8 not null check (due >= 0),
  min int8 not null check (min > 0),
  max int8 not null check (max >= min),
  amount int8 check (amount between min and max),
  channel text,
  unsent int not null check (unsent >= 0),
  reason text,
  receipt_no text,
  biller_date date,
  paid_over_on date,
  inquired_at int8 not null,
  valid_until int8 not null,
  paid_at int8,
  unknown_since int8,
  ended_at int8,
  business_date date,
  primary key (bucket, id),
  check (state in ('inquired', 'lapsed', 'writing_off', 'write_off_unknown', 'written_off', 'refunding', 'refunded')),
  check ((state in ('inquired', 'lapsed')) = (key is null)),
  check ((key is null) = (amount is null) and (key is null) = (paid_at is null)),
  check ((key is null) = (channel is null) and (key is null) = (business_date is null)),
  check ((state in ('inquired', 'writing_off', 'write_off_unknown', 'refunding')) = (ended_at is null)),
  check ((state = 'written_off') = (receipt_no is not null and biller_date is not null)),
  check ((state = 'refunded') = (reason is not null)),
  check (paid_over_on is null or state = 'written_off' and paid_over_on >= biller_date)
) with (fillfactor = 80);
-- A payment is made once.
create unique index biller_bill_key on biller_bill (bucket, msisdn, key) where key is not null;
-- Ids are in the order of time.
create index biller_bill_wallet on biller_bill (bucket, wallet_id, id);
-- What nobody knows yet: no second payment of it, no closing of its wallet, and the biller's file decides.
create index biller_bill_open on biller_bill (bucket, wallet_id)
  where state in ('writing_off', 'write_off_unknown', 'refunding');
create index biller_bill_undecided on biller_bill (biller, paid_at)
  where state in ('writing_off', 'write_off_unknown', 'refunding');
create index biller_bill_date on biller_bill (biller, biller_date) where state = 'written_off';
create index biller_bill_owed on biller_bill (biller, biller_date)
  where state = 'written_off' and paid_over_on is null;

-- What happened to a bill, in order: one row a step, never changed.
create table biller_bill_event (
  bucket smallint not null,
  subject uuid not null,
  seq int not null,
  type text not null,
  state text not null,
  at int8 not null,
  primary key (bucket, subject, seq)
);

-- Accounts with billers that a wallet keeps (常用户号), with a day of the month on which it is reminded.
create table biller_account (
  bucket smallint not null,
  id uuid not null,
  wallet_id uuid not null,
  msisdn text not null,
  biller text not null,
  account_no text not null,
  label text not null,
  remind_day int check (remind_day between 1 and 28),
  kept_at int8 not null,
  primary key (bucket, id)
);
create unique index biller_account_of on biller_account (bucket, wallet_id, biller, account_no);

-- A day of a biller that was compared with its file, and paid over.
create table biller_day (
  biller text not null,
  day date not null,
  count int not null check (count >= 0),
  amount int8 not null check (amount >= 0),
  paid_over int8 not null check (paid_over >= 0),
  compared_at int8 not null,
  primary key (biller, day)
);

-- What a biller's file and our bills say differently. Nothing is deleted.
create table biller_difference (
  biller text not null,
  day date not null,
  kind text not null check (kind in ('missing_here', 'missing_there', 'amount', 'state')),
  bill_id text not null,
  ours text,
  theirs text,
  found_at int8 not null,
  primary key (biller, day, kind, bill_id)
);
