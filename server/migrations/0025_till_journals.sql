-- The end of a shift in the ledger: what a till had too much or too little, and what of its cash went to the bank.

-- Tills that were closed before have no line for their difference.
alter table staff_till add column difference_transfer uuid;
alter table staff_till add check (closed_at is null or difference = 0 or difference_transfer is not null) not valid;

create table staff_till_banking (
  till uuid primary key,
  -- Counted less the float: what customers left in it. Below zero it came from the bank.
  amount int8 not null check (amount <> 0),
  -- The number on the bank's slip.
  slip text not null,
  approval uuid not null unique,
  business_date date not null,
  at int8 not null
);
