-- A wallet pays: whose balance it was. A purchase that was refused for want of a wallet names none.

alter table payment
  drop constraint payment_source_check,
  add constraint payment_source_check check (source in ('phone_bill', 'card', 'wallet')),
  add column wallet_id uuid,
  add check (wallet_id is null or source = 'wallet'),
  add check (source <> 'wallet' or wallet_id is not null or state = 'refused');
-- What ties a wallet that would be closed: goods that may not come, so that the money goes back.
create index payment_wallet_open on payment (bucket, wallet_id)
  where wallet_id is not null and state in ('delivering', 'delivery_unknown');

alter table wallet_account add column
  frozen text not null default 'none' check (frozen in ('none', 'in', 'out', 'both'));

-- In which order the sources of money are offered to the owner of a wallet; the usual order without a row.
create table wallet_setting (
  bucket smallint not null,
  wallet_id uuid not null,
  sources text not null,
  primary key (bucket, wallet_id)
);
