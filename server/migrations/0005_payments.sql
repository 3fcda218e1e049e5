-- Carrier-billed payments. Everything of one payment lives in the bucket of the payer's number.

-- Order numbers are handed out in blocks of a thousand, so that one round trip serves many payments.
create sequence order_number increment by 1000;

create table payment (
  bucket smallint not null,
  id uuid not null,
  version int not null,
  order_no text not null,
  msisdn text not null,
  language text not null,
  carrier text not null,
  -- Of the line when it ordered: post-paid charges are told to the carrier in a daily file.
  billing text not null check (billing in ('prepaid', 'postpaid')),
  region text not null,
  merchant_id text not null,
  product text not null,
  product_version int not null,
  goods_zh text not null,
  goods_en text not null,
  account text,
  delivery text not null,
  amount int8 not null,
  channel text not null,
  consent text not null,
  flow text not null,
  state text not null,
  reason text,
  sender text,
  prompts int not null,
  prompted_at int8,
  code_hash text,
  code_tries int not null,
  created_at int8 not null,
  deadline_at int8 not null,
  confirmed_at int8,
  charge_id text,
  carrier_ref text,
  unknown_since int8,
  business_date date,
  charged_at int8,
  ended_at int8,
  refunded int8 not null,
  refunding int8 not null,
  merchant_order_id text,
  client text,
  details jsonb,
  primary key (bucket, id),
  check (refunded >= 0 and refunding >= 0 and refunded + refunding <= amount),
  check (state in ('refused', 'awaiting_confirm', 'cancelled', 'expired', 'reserving', 'reserved',
    'charging', 'charge_unknown', 'charge_failed', 'reversing', 'reversed', 'delivering',
    'delivery_unknown', 'delivered', 'delivery_failed', 'refunded'))
) with (fillfactor = 80);

-- Few rows at a time: what is pending for a number.
create index payment_open on payment (bucket, msisdn)
  where state in ('awaiting_confirm', 'reserving', 'reserved', 'charging', 'charge_unknown');
create index payment_merchant on payment (merchant_id, created_at);
create index payment_posted on payment (merchant_id, business_date) where business_date is not null;

create table refund (
  bucket smallint not null,
  id uuid not null,
  payment_id uuid not null,
  msisdn text not null,
  merchant_id text not null,
  amount int8 not null check (amount > 0),
  state text not null check (state in ('processing', 'unknown', 'succeeded', 'denied')),
  reason text not null,
  merchant_refund_id text,
  requested_at int8 not null,
  ended_at int8,
  business_date date,
  client text,
  details jsonb,
  primary key (bucket, id)
) with (fillfactor = 80);
create index refund_payment on refund (bucket, payment_id);
create index refund_posted on refund (merchant_id, business_date) where business_date is not null;

-- A merchant's order number, a client's correlator, an idempotency key: unique for ever. The row is
-- written first, so that of many equal requests at once one goes on and the others find it.
create table business_key (
  bucket smallint not null,
  scope text not null,
  key text not null,
  content_hash text not null,
  subject uuid not null,
  created_at int8 not null,
  primary key (bucket, scope, key)
);

-- Messages taken from a gateway, so that one delivered twice is taken once.
create table inbound_message (
  bucket smallint not null,
  key text not null,
  received_at int8 not null,
  window_ms int8 not null,
  primary key (bucket, key)
);

-- What happened to a payment, in order: one row a step, never changed.
create table payment_event (
  bucket smallint not null,
  payment_id uuid not null,
  seq int not null,
  type text not null,
  at int8 not null,
  data jsonb not null,
  primary key (bucket, payment_id, seq)
);

-- Which payment a confirmation number (1065800886021907: slot 07) stands for.
create table confirmation_slot (
  bucket smallint not null,
  msisdn text not null,
  service text not null,
  slot smallint not null check (slot between 0 and 99),
  payment_id uuid not null,
  taken_at int8 not null,
  ended_at int8,
  primary key (bucket, msisdn, service, slot)
);

-- Business days that are closed: nothing is posted on or before this date any more.
create table business_day (
  id boolean primary key default true check (id),
  closed_through date
);
insert into business_day (closed_through) values (null);
