-- PINs that a bank keeps itself, sealed, between the customer's answer and the question to the bank.
create table kept_pin (
  bucket smallint not null,
  payment_id uuid not null,
  sealed text not null check (sealed like 'k1.%'),
  kept_at int8 not null,
  primary key (bucket, payment_id)
);
