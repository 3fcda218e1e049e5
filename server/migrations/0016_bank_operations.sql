-- What is asked of banks: operations, every message of theirs that moves money, the numbers of those messages,
-- and what the banks say of their days. Card numbers stand nowhere here: a card is its token.

create table bank_operation (
  bucket smallint not null,
  id uuid not null,
  kind text not null check (kind in ('debit', 'credit', 'refund')),
  bank text not null,
  card_token uuid not null,
  amount int8 not null check (amount > 0),
  order_no text not null,
  -- Of a refund: what it gives back.
  debit_id uuid,
  -- Where the bank keeps the PIN: sealed until it is sent for the last time, then gone.
  sealed_pin text check (sealed_pin ~ '^k1\.\d+\.[\w-]{40,}$'),
  state text not null
    check (state in ('begun', 'done', 'refused', 'reversing', 'reversed', 'accepted', 'unknown')),
  detail text,
  refusal jsonb,
  trace jsonb,
  -- How often it was to be sent once more after a refusal.
  retries smallint not null,
  -- Of a debit: refunds that are done or may be.
  refunded int8 not null,
  created_at int8 not null,
  changed_at int8 not null,
  primary key (bucket, id),
  check ((kind = 'refund') = (debit_id is not null)),
  check (refunded between 0 and amount),
  check (kind = 'debit' or (refunded = 0 and state not in ('reversing', 'reversed'))),
  check (kind <> 'debit' or state <> 'accepted'),
  check (sealed_pin is null or state in ('begun', 'reversing'))
) with (fillfactor = 80);
-- A card with such rows must not be erased: a reversal needs its number.
create index bank_operation_open on bank_operation (card_token)
  where state in ('begun', 'reversing', 'accepted', 'unknown');

create table bank_exchange (
  bucket smallint not null,
  operation_id uuid not null,
  no smallint not null,
  kind text not null check (kind in ('purchase', 'credit', 'refund', 'void', 'reversal')),
  bank text not null,
  stan int not null check (stan between 1 and 999999),
  transmitted_at text not null check (transmitted_at ~ '^\d{10}$'),
  acquirer text not null,
  forwarder text not null,
  -- As a daily file names it.
  key text not null check (key ~ '^\d{38}$'),
  amount int8 not null check (amount > 0),
  state text not null check
    (state in ('begun', 'approved', 'partial', 'accepted', 'refused', 'unanswered', 'unsent')),
  code text,
  -- MMDD of the bank's day, as it was answered.
  settled_on text,
  sends smallint not null check (sends > 0),
  begun_at int8 not null,
  sent_at int8 not null,
  primary key (bucket, operation_id, no)
) with (fillfactor = 80);
create index bank_exchange_key on bank_exchange (key);
create index bank_exchange_day on bank_exchange (bank, begun_at);

-- Trace numbers, in blocks: the next one to give, and how many were given on a day of the bank.
create table bank_trace_number (
  bank text primary key,
  next_number int8 not null,
  day date not null,
  given int not null
);

create table bank_day (
  bank text not null,
  day date not null,
  -- When the bank said that it had ended, if it did, and the totals it told.
  cut_over_at int8,
  totals jsonb,
  state text not null check (state in ('awaited', 'read', 'differs', 'refused')),
  problem text,
  changed_at int8 not null,
  primary key (bank, day)
);

-- The rows of a daily file. They count when the day is `read`.
create table bank_file_row (
  bank text not null,
  day date not null,
  key text not null check (key ~ '^\d{38}$'),
  kind text not null,
  amount int8 not null,
  fee int8 not null,
  state text not null,
  original text,
  primary key (bank, day, key)
);

-- What the bank says and we do not, or the other way round, for people to resolve.
create table bank_difference (
  bank text not null,
  day date not null,
  kind text not null check (kind in ('missing_here', 'missing_there', 'amount', 'state', 'totals')),
  -- Of the exchange; of totals the name.
  key text not null,
  operation_id uuid,
  ours text,
  theirs text,
  found_at int8 not null,
  primary key (bank, day, kind, key)
);
