-- Texts in and out, kept as evidence of what was asked and answered.

create table sms_message (
  bucket smallint not null,
  id uuid not null,
  direction text not null check (direction in ('in', 'out')),
  msisdn text not null,
  -- The service number the customer texted, or that our text came from.
  service text not null,
  text text not null,
  parts smallint not null,
  -- out: accepted by the gateway, then what its receipt says; in: received.
  state text not null,
  gateway text not null,
  payment_id uuid,
  at int8 not null,
  updated_at int8 not null,
  primary key (bucket, id)
);
create index sms_message_number on sms_message (bucket, msisdn, at);

-- The gateway's id of each part we sent, so that a receipt finds its message.
create table sms_part_sent (
  bucket smallint not null,
  gateway text not null,
  message_id text not null,
  sms_id uuid not null,
  primary key (bucket, gateway, message_id)
);

-- Parts of long texts that wait for the rest; acknowledged, so they must survive a restart.
create table sms_part_received (
  bucket smallint not null,
  key text not null,
  seq smallint not null,
  total smallint not null,
  text text not null,
  received_at int8 not null,
  primary key (bucket, key, seq)
);
