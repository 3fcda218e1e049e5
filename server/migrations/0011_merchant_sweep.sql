-- The last business date whose sales were gathered from all buckets into what the merchant is owed.
-- A refund of a sale up to this date comes out of what is owed, a later one out of what is pending.
alter table merchant add column swept_through date;
