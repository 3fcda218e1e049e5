-- Bills that come from the same payment are added up before another one is begun.
create index wallet_split_payment on wallet_split (bucket, payment_id) where payment_id is not null;
