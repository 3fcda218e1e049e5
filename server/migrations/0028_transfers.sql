-- Money between people (see server/src/transfers): transfers, and what asks for them or is made of them. All in
-- the bucket of the number that began it. What is set aside stands in the ledger.

create table wallet_transfer (
  bucket smallint not null,
  id uuid not null,
  version int not null,
  wallet_id uuid not null,
  msisdn text not null,
  key text not null,
  state text not null,
  payee text not null,
  payee_wallet_id uuid,
  amount int8 not null check (amount > 0),
  memo text not null,
  arrival text not null check (arrival in ('now', '2h', '24h')),
  origin text not null check (origin in ('send', 'request', 'mandate', 'split', 'split_return')),
  origin_id uuid,
  channel text not null,
  reason text,
  requested_at int8 not null,
  due_at int8,
  ended_at int8,
  business_date date not null,
  primary key (bucket, id),
  check (state in ('done', 'delayed', 'cancelled', 'waiting_claim', 'claimed', 'returned')),
  check (state in ('waiting_claim', 'returned') = (payee_wallet_id is null)),
  check ((state in ('delayed', 'waiting_claim')) = (ended_at is null)),
  check ((state = 'cancelled') = (reason is not null)),
  check ((origin = 'send') = (origin_id is null)),
  check (wallet_id is distinct from payee_wallet_id)
) with (fillfactor = 90);
-- A request is made once.
create unique index wallet_transfer_key on wallet_transfer (bucket, msisdn, key);
-- Ids are in the order of time.
create index wallet_transfer_wallet on wallet_transfer (bucket, wallet_id, id);
create index wallet_transfer_payee on wallet_transfer (payee_wallet_id, id);
-- What waits for a wallet, and what ties one that would be closed.
create index wallet_transfer_waiting on wallet_transfer (payee) where state = 'waiting_claim';
create index wallet_transfer_open on wallet_transfer (bucket, wallet_id)
  where state in ('delayed', 'waiting_claim');

-- Whom a wallet knows by name, and wrong names.
create table wallet_contact (
  bucket smallint not null,
  id uuid not null,
  wallet_id uuid not null,
  payee_wallet_id uuid not null,
  known_at int8,
  wrong int not null check (wrong >= 0),
  blocked_until int8,
  primary key (bucket, id)
);
create unique index wallet_contact_pair on wallet_contact (bucket, wallet_id, payee_wallet_id);

create table wallet_request (
  bucket smallint not null,
  id uuid not null,
  version int not null,
  wallet_id uuid not null,
  msisdn text not null,
  key text not null,
  state text not null check (state in ('open', 'paid', 'declined', 'cancelled', 'expired')),
  payer text not null check (payer <> msisdn),
  amount int8 not null check (amount > 0),
  memo text not null,
  transfer_id uuid,
  asked_at int8 not null,
  due_at int8 not null,
  ended_at int8,
  primary key (bucket, id),
  check ((state = 'open') = (ended_at is null)),
  check ((state = 'paid') = (transfer_id is not null))
);
create unique index wallet_request_key on wallet_request (bucket, msisdn, key);
create index wallet_request_wallet on wallet_request (bucket, wallet_id, id);
create index wallet_request_payer on wallet_request (payer, id);

create table wallet_mandate (
  bucket smallint not null,
  id uuid not null,
  version int not null,
  wallet_id uuid not null,
  msisdn text not null,
  key text not null,
  state text not null check (state in ('active', 'ended')),
  payee text not null check (payee <> msisdn),
  payee_wallet_id uuid not null,
  every text not null check (every in ('once', 'day', 'week', 'month')),
  cap int8 not null check (cap > 0),
  amount int8 check (amount > 0 and amount <= cap),
  memo text not null,
  starts_on date not null,
  ends_on date check (ends_on >= starts_on),
  period text not null,
  used int8 not null check (used >= 0 and used <= cap),
  rounds int not null check (rounds >= 0),
  due_at int8,
  made_at int8 not null,
  ended_at int8,
  primary key (bucket, id),
  check ((state = 'active') = (ended_at is null)),
  check (state = 'active' or due_at is null)
);
create unique index wallet_mandate_key on wallet_mandate (bucket, msisdn, key);
create index wallet_mandate_wallet on wallet_mandate (bucket, wallet_id, id);
create index wallet_mandate_payee on wallet_mandate (payee_wallet_id, id);
-- What ends with a number that is given up.
create index wallet_mandate_number on wallet_mandate (payee) where state = 'active';

create table wallet_split (
  bucket smallint not null,
  id uuid not null,
  version int not null,
  wallet_id uuid not null,
  msisdn text not null,
  key text not null,
  state text not null check (state in ('open', 'closed', 'stopped', 'expired')),
  title text not null,
  total int8 not null check (total > 0),
  own int8 not null check (own >= 0 and own < total),
  payment_id uuid,
  reminded smallint not null check (reminded in (0, 1)),
  begun_at int8 not null,
  due_at int8,
  expires_at int8 not null,
  ended_at int8,
  primary key (bucket, id),
  check ((state = 'open') = (ended_at is null)),
  check ((state = 'open') = (due_at is not null))
);
create unique index wallet_split_key on wallet_split (bucket, msisdn, key);
create index wallet_split_wallet on wallet_split (bucket, wallet_id, id);

create table wallet_split_share (
  bucket smallint not null,
  id uuid not null,
  split_id uuid not null,
  place int not null check (place between 0 and 99),
  msisdn text not null,
  amount int8 not null check (amount > 0),
  state text not null check (state in ('unpaid', 'paid', 'returned', 'void')),
  transfer_id uuid,
  reminded_at int8,
  primary key (bucket, id),
  check ((state in ('paid', 'returned')) = (transfer_id is not null))
) with (fillfactor = 80);
create unique index wallet_split_share_place on wallet_split_share (bucket, split_id, place);
create unique index wallet_split_share_number on wallet_split_share (bucket, split_id, msisdn);
create index wallet_split_share_asked on wallet_split_share (msisdn, id);

create table wallet_packet (
  bucket smallint not null,
  id uuid not null,
  version int not null,
  wallet_id uuid not null,
  msisdn text not null,
  key text not null,
  state text not null check (state in ('open', 'emptied', 'returned')),
  kind text not null check (kind in ('fixed', 'lucky')),
  amount int8 not null,
  count int not null check (count between 1 and 100),
  only_for text check (only_for <> msisdn),
  greeting text not null,
  sent_at int8 not null,
  due_at int8 not null,
  ended_at int8,
  primary key (bucket, id),
  check (amount between count and count * 20000),
  check ((state = 'open') = (ended_at is null))
);
create unique index wallet_packet_key on wallet_packet (bucket, msisdn, key);
create index wallet_packet_wallet on wallet_packet (bucket, wallet_id, id);
create index wallet_packet_open on wallet_packet (bucket, wallet_id) where state = 'open';

create table wallet_packet_part (
  bucket smallint not null,
  id uuid not null,
  packet_id uuid not null,
  place int not null check (place between 0 and 99),
  amount int8 not null check (amount between 1 and 20000),
  wallet_id uuid,
  msisdn text,
  opened_at int8,
  primary key (bucket, id),
  check ((wallet_id is null) = (opened_at is null) and (wallet_id is null) = (msisdn is null))
) with (fillfactor = 80);
create unique index wallet_packet_part_place on wallet_packet_part (bucket, packet_id, place);
-- One person opens a packet once.
create unique index wallet_packet_part_opener on wallet_packet_part (bucket, packet_id, wallet_id)
  where wallet_id is not null;

-- What happened to any of these, in order: one row a step, never changed.
create table wallet_transfer_event (
  bucket smallint not null,
  subject uuid not null,
  seq int not null,
  type text not null,
  state text not null,
  at int8 not null,
  primary key (bucket, subject, seq)
);
