-- The text desk for cards: what a number was asked its PIN for, and which texts were taken.

create table card_question (
  bucket smallint not null,
  msisdn text not null,
  id uuid not null,
  kind text not null check (kind in ('balance', 'top_up', 'withdrawal')),
  card_id uuid not null,
  -- Null for a balance.
  amount int8 check (amount > 0),
  speed text check (speed in ('same_day', 'next_day')),
  asked_at int8 not null,
  expires_at int8 not null,
  -- A number is asked one thing at a time.
  primary key (bucket, msisdn),
  check ((kind = 'balance') = (amount is null)),
  check ((kind = 'withdrawal') = (speed is not null))
);

create table card_text (
  bucket smallint not null,
  key text not null,
  taken_at int8 not null,
  primary key (bucket, key)
);
