-- The customer's payment codes, and what merchants scanned. An alias lies in the bucket of its own digits: it says
-- nothing about the number it stands for. Of the code only alias and step are written down.

create table payment_code_alias (
  bucket smallint not null,
  alias text not null check (alias ~ '^[0-9]{9}$'),
  msisdn text not null,
  session_id uuid not null,
  key_sealed text not null,
  -- How far the clock of the device was ahead of ours when it got this.
  ahead_ms int8 not null,
  issued_at int8 not null,
  expires_at int8 not null check (expires_at > issued_at),
  -- Of the last code that was taken: none is taken that is not later.
  last_step int8,
  wrong int not null default 0 check (wrong between 0 and 5),
  wrong_since int8 not null default 0,
  revoked_at int8,
  primary key (bucket, alias)
);
create index payment_code_alias_session on payment_code_alias (session_id, issued_at);
create index payment_code_alias_expiry on payment_code_alias (expires_at);

create table payment_code_use (
  bucket smallint not null,
  alias text not null,
  step int8 not null,
  used_at int8 not null,
  -- Once, whoever asks.
  primary key (bucket, alias, step)
);
create index payment_code_use_age on payment_code_use (used_at);

-- An order that a merchant's till has for whoever shows a code. Without a number it was cancelled before it came.
create table scan (
  bucket smallint not null,
  id uuid not null,
  merchant_id text not null,
  merchant_order_id text not null,
  client text not null,
  content_hash text,
  msisdn text,
  code_alias text,
  code_step int8,
  amount int8 check (amount > 0),
  goods_zh text,
  goods_en text,
  created_at int8 not null,
  cancelled_at int8,
  payment_id uuid,
  primary key (bucket, id),
  unique (bucket, merchant_id, merchant_order_id),
  check (cancelled_at is not null or msisdn is not null),
  check (num_nulls(content_hash, msisdn, code_alias, code_step, amount, goods_zh, goods_en) in (0, 7))
);
create index scan_code on scan (code_alias, code_step);
