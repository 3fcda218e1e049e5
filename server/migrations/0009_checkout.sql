-- Hosted checkout: what a merchant asks a customer to pay on our page.

create table checkout (
  bucket smallint not null,
  id uuid not null,
  merchant_id text not null,
  client text not null,
  test boolean not null,
  product text,
  amount int8 not null,
  goods_zh text not null,
  goods_en text not null,
  merchant_order_id text not null,
  return_url text,
  created_at int8 not null,
  expires_at int8 not null,
  cancelled_at int8,
  -- The payment of the last number entered, and how many were.
  payment_id uuid,
  attempts int not null default 0,
  primary key (bucket, id)
);

-- Questions sent from the page, by number and by address: the page must not be a way to pester people.
create table checkout_question (
  bucket smallint not null,
  subject text not null,
  at int8 not null,
  id uuid not null,
  primary key (bucket, subject, at, id)
);
