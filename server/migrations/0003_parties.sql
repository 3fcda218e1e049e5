-- Who takes part: subscribers, merchants with their products and credentials, and the risk lists.

create table subscriber (
  bucket smallint not null,
  msisdn text not null,
  carrier text not null,
  brand text not null,
  billing text not null check (billing in ('prepaid', 'postpaid')),
  region text not null,
  language text not null check (language in ('zh', 'en')),
  status text not null check (status in ('active', 'suspended', 'closed')),
  sim_kind text not null default 'ordinary' check (sim_kind in ('ordinary', 'wallet')),
  handset_model text,
  -- The customer's own switch and limits; null is the operator's limit.
  switched_on boolean not null default true,
  own_single_limit int8,
  own_day_limit int8,
  own_month_limit int8,
  -- What the owner asked to raise, as a whole, and when it comes to count; null when nothing waits.
  next_switched_on boolean,
  next_single_limit int8,
  next_day_limit int8,
  next_month_limit int8,
  next_from int8,
  -- The yes time of the last payment, for the interval between two (CB-7).
  last_yes_at int8,
  created_at int8 not null,
  updated_at int8 not null,
  primary key (bucket, msisdn)
) with (fillfactor = 80);

-- Asks to become a merchant. The four digits are given with the approval, never before.
create table merchant_application (
  id uuid primary key,
  name_zh text not null,
  name_en text not null,
  site text not null,
  help_tel text not null,
  contact text not null,
  status text not null check (status in ('waiting', 'approved', 'refused')),
  merchant_id text,
  reason text,
  created_at int8 not null,
  decided_at int8
);

create table merchant (
  id text primary key check (id ~ '^[0-9]{4}$'),
  name_zh text not null,
  name_en text not null,
  site text not null,
  help_tel text not null,
  status text not null check (status in ('applied', 'test', 'on', 'paused', 'closed')),
  -- Contract: hundredths of a percent, and the most a merchant may sell a day, in fen.
  fee_rate int not null check (fee_rate between 0 and 10000),
  carrier_share int not null check (carrier_share between 0 and 10000),
  settlement_period text not null check (settlement_period in ('day', 'week', 'month')),
  daily_cap int8 not null check (daily_cap >= 0),
  refund_days int not null default 180,
  -- May charge without a text to the customer (its own sign-in is proof enough for the operator).
  direct_charge boolean not null default false,
  open_amount jsonb,
  created_at int8 not null,
  updated_at int8 not null
);

create table product (
  merchant_id text not null,
  code text not null,
  version int not null,
  kind text not null check (kind in ('per_use', 'topup')),
  name_zh text not null,
  name_en text not null,
  price int8 not null check (price > 0),
  delivery text not null check (delivery in ('none', 'notify')),
  status text not null check (status in ('draft', 'test', 'on', 'paused', 'off')),
  keywords text[] not null default '{}',
  account_pattern text,
  regions text[] not null default '{}',
  brands text[] not null default '{}',
  valid_from int8,
  valid_to int8,
  created_at int8 not null,
  primary key (merchant_id, code, version)
);

-- A merchant's key to the API: an OAuth 2 client, and an API key when `secret_hash` is presented as one.
create table api_client (
  id text primary key,
  merchant_id text not null,
  name text not null,
  secret_hash text not null,
  -- The secret before the last rotation still opens until this instant.
  previous_secret_hash text,
  previous_until int8,
  scopes text[] not null,
  grant_types text[] not null,
  redirect_uris text[] not null default '{}',
  token_seconds int not null default 3600,
  test boolean not null default false,
  created_at int8 not null,
  revoked_at int8
);

create table risk_entry (
  id uuid primary key,
  list text not null check (list in ('black', 'grey', 'white')),
  subject_kind text not null check (subject_kind in
    ('number', 'prefix', 'merchant', 'goods', 'device', 'ip', 'account')),
  subject text not null,
  reason text not null,
  author text not null,
  created_at int8 not null,
  expires_at int8,
  removed_at int8,
  removed_by text
);
create unique index risk_entry_subject on risk_entry (subject_kind, subject, list)
  where removed_at is null;

create table risk_policy (
  name text primary key,
  value int8 not null,
  updated_at int8 not null,
  updated_by text not null
);

-- What counts against a limit: of a number by day and month, of a merchant by day.
create table limit_counter (
  bucket smallint not null,
  subject text not null,
  period text not null,
  used int8 not null check (used >= 0),
  primary key (bucket, subject, period)
) with (fillfactor = 80);

-- Everything cached in memory is read again when this number moves.
create table catalogue_version (
  single boolean primary key default true check (single),
  version int8 not null
);
insert into catalogue_version (version) values (1);

-- Who of the operator's staff changed what: one row a change, never changed.
create table operator_log (
  id uuid primary key,
  at int8 not null,
  operator text not null,
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb
);
create index operator_log_subject on operator_log (subject, id);
