-- What merchants are told: where to, what, and what became of each telling.

create table webhook_endpoint (
  id uuid primary key,
  merchant_id text not null,
  url text not null,
  description text not null,
  -- Empty: every type.
  event_types text[] not null,
  -- Sealed. The secret before the last rotation signs along until its time is over.
  secret text not null,
  previous_secret text,
  previous_until int8,
  -- `gone`: it answered 410 and is left alone until the merchant switches it on again.
  status text not null check (status in ('on', 'off', 'gone')),
  created_at int8 not null,
  updated_at int8 not null
);
create index webhook_endpoint_merchant on webhook_endpoint (merchant_id);

-- One row for what happened, written in the transaction that made it happen, never changed.
create table webhook_event (
  bucket smallint not null,
  id uuid not null,
  merchant_id text not null,
  type text not null,
  payment_id uuid not null,
  -- The number of the payment's event it tells of: events of a payment are told in this order.
  seq int not null,
  at int8 not null,
  -- The very text that is signed and sent, the same at every try.
  body text not null,
  primary key (bucket, id)
);

create table webhook_delivery (
  bucket smallint not null,
  event_id uuid not null,
  endpoint_id uuid not null,
  merchant_id text not null,
  payment_id uuid not null,
  seq int not null,
  type text not null,
  state text not null check (state in ('pending', 'delivered', 'dead')),
  attempts int not null,
  next_at int8,
  last_status int,
  last_ms int,
  last_error text,
  created_at int8 not null,
  ended_at int8,
  primary key (bucket, event_id, endpoint_id)
) with (fillfactor = 80);
create index webhook_delivery_log on webhook_delivery (merchant_id, event_id, endpoint_id);
create index webhook_delivery_pending on webhook_delivery (bucket, payment_id, endpoint_id, seq)
  where state = 'pending';

-- A notice to an address named in a request (a CloudEvents sink): told like an event, once.
create table notice_delivery (
  bucket smallint not null,
  id text not null,
  url text not null,
  -- Sealed: they may hold the caller's access token.
  headers text not null,
  body text not null,
  -- No try after this: a token in the headers has expired by then. Null is no end but the schedule's.
  good_until int8,
  state text not null check (state in ('pending', 'delivered', 'dead')),
  attempts int not null,
  next_at int8,
  last_status int,
  last_ms int,
  last_error text,
  created_at int8 not null,
  ended_at int8,
  primary key (bucket, id)
) with (fillfactor = 80);
