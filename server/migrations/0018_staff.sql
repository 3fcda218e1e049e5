-- The business hall: its people and how they sign in, what two of them must agree to, their tills, the acts
-- they do for customers and the vouchers of these. Passwords are here only as scrypt, secrets of second
-- factors only sealed, tokens only as hashes; of cards, identity documents and PINs there is nothing.

create table staff_person (
  id uuid primary key,
  login text not null unique check (login ~ '^[a-z0-9][a-z0-9._-]{1,31}$'),
  name text not null,
  office text not null,
  roles text[] not null check (cardinality(roles) > 0 and roles <@ array['clerk', 'supervisor']),
  password text not null check (password ~ '^scrypt\.\d+\.[\w-]{22,}\.[\w-]{43}$'),
  -- Somebody else knows it: it must be changed before anything else is done.
  password_is_initial boolean not null,
  sealed_totp text not null check (sealed_totp like 'v1.%'),
  -- The time step of the last code that counted: no code counts twice.
  totp_step int8 not null default 0,
  wrong int not null default 0 check (wrong >= 0),
  locked_until int8 not null default 0,
  disabled_at int8,
  created_at int8 not null
);

create table staff_session (
  token_hash text primary key check (token_hash ~ '^[0-9a-f]{64}$'),
  person uuid not null,
  began_at int8 not null,
  active_at int8 not null,
  ended_at int8
);
create index staff_session_person on staff_session (person) where ended_at is null;
create index staff_session_age on staff_session (began_at);

create table staff_approval (
  id uuid primary key,
  office text not null,
  kind text not null,
  -- Keyed hash of the whole request: what is agreed to is this and nothing else.
  content_mac text not null check (content_mac ~ '^[0-9a-f]{64}$'),
  -- The request as the second person sees it, masked.
  shown jsonb not null,
  reason text not null,
  state text not null check (state in ('asked', 'approved', 'declined', 'withdrawn', 'used')),
  asked_by uuid not null,
  asked_at int8 not null,
  expires_at int8 not null,
  decided_by uuid,
  decided_at int8,
  note text,
  used_at int8,
  check (decided_by <> asked_by),
  check ((decided_by is null) = (decided_at is null)),
  check (state not in ('approved', 'declined', 'used') or decided_by is not null),
  check (state <> 'asked' or decided_by is null),
  check ((state = 'used') = (used_at is not null))
);
create index staff_approval_open on staff_approval (office, asked_at) where state in ('asked', 'approved');
create index staff_approval_asker on staff_approval (asked_by, asked_at);

create table staff_till (
  id uuid primary key,
  office text not null,
  desk text not null,
  person uuid not null,
  opened_at int8 not null,
  float_counts jsonb not null,
  -- What must be in it by its entries, and of that what is promised to payouts under way.
  balance int8 not null check (balance >= 0),
  held int8 not null default 0 check (held >= 0 and held <= balance),
  entries int not null,
  closed_at int8,
  closing_counts jsonb,
  counted int8 check (counted >= 0),
  difference int8,
  approval uuid unique,
  reason text,
  check ((closed_at is null) = (counted is null)),
  check ((counted is null) = (difference is null)),
  check (closed_at is null or held = 0),
  check (difference = counted - balance),
  -- A till that does not balance is not closed by one person alone, nor without a reason.
  check (difference = 0 or (approval is not null and reason is not null))
);
create unique index staff_till_person on staff_till (person) where closed_at is null;
create unique index staff_till_desk on staff_till (office, desk) where closed_at is null;
create index staff_till_office on staff_till (office, opened_at);

-- Added to and never changed; `balance` is what must be in the till after it.
create table staff_till_entry (
  till uuid not null,
  seq int not null check (seq > 0),
  kind text not null check (kind in ('float', 'cash_in', 'cash_out')),
  amount int8 not null,
  balance int8 not null check (balance >= 0),
  act uuid unique,
  at int8 not null,
  primary key (till, seq),
  check ((kind = 'float') = (act is null)),
  check (case kind when 'cash_out' then amount < 0 when 'cash_in' then amount > 0 else amount >= 0 end)
);

create table staff_act (
  id uuid primary key,
  person uuid not null,
  office text not null,
  -- The Idempotency-Key under which the person asked for it.
  key text not null,
  kind text not null,
  msisdn text not null,
  content_mac text not null check (content_mac ~ '^[0-9a-f]{64}$'),
  shown jsonb not null,
  amount int8 check (amount > 0),
  till uuid,
  approval uuid unique,
  state text not null check (state in ('begun', 'done', 'refused')),
  -- What is still missing while it is begun, as the other side last said.
  waits_for text,
  refusal text,
  result jsonb,
  voucher text not null unique,
  began_at int8 not null,
  ended_at int8,
  unique (person, key),
  check ((state = 'begun') = (ended_at is null)),
  check ((state = 'refused') = (refusal is not null)),
  check ((kind in ('cash_in', 'cash_out')) = (till is not null)),
  check (till is null or amount is not null)
);
create index staff_act_till on staff_act (till) where state = 'begun';
create index staff_act_office on staff_act (office, began_at);

-- The last number of each month, yymm. Its row is locked until the act that took a number is committed,
-- so that there is no number twice and none left out.
create table staff_voucher_month (
  month text primary key check (month ~ '^\d{4}$'),
  last int not null check (last between 1 and 999999)
);

create table staff_voucher (
  number text primary key check (number ~ '^BD-\d{4}-\d{6}$'),
  act uuid not null unique,
  office text not null,
  state text not null check (state in ('reserved', 'issued', 'void')),
  content jsonb,
  issued_at int8,
  prints int not null default 0 check (prints >= 0),
  check ((state = 'issued') = (content is not null)),
  check ((state = 'issued') = (issued_at is not null)),
  check (prints = 0 or state = 'issued')
);
