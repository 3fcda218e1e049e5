-- Closed business days and what their statements said: written once, never changed.

create table closed_day (
  date date primary key,
  closed_at int8 not null,
  sales_count int8 not null,
  sales int8 not null,
  refunds_count int8 not null,
  refunds int8 not null
);

create table statement (
  merchant_id text not null,
  date date not null,
  format text not null check (format in ('v3', 'native')),
  lines int8 not null,
  total int8 not null,
  sha256 text not null,
  made_at int8 not null,
  primary key (merchant_id, date, format)
);

-- Charging-record files sent to carriers (post-paid).
create table charging_file (
  carrier text not null,
  date date not null,
  number int not null,
  rows int8 not null,
  amount int8 not null,
  sha256 text not null,
  made_at int8 not null,
  primary key (carrier, date, number)
);
