-- What was added to a reward at once, under a key of the caller's, so that a retry adds nothing.
create table points_stocking (
  reward_id uuid not null,
  id uuid not null,
  pieces int8 not null check (pieces > 0),
  -- Of the codes; null where pieces were counted, or before there were keys.
  digest text,
  at int8 not null,
  primary key (reward_id, id)
);
insert into points_stocking (reward_id, id, pieces, digest, at)
  select id, id, stock, null, 0 from points_reward where stock > 0;
