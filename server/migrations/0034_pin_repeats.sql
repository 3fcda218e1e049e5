-- A wrong PIN whose answer was lost comes again by itself, under the key of its request: it counts once.
-- Keyed like the PIN's own hash, over the request's key too, so that it tells nothing of the PIN.
alter table wallet_pin add column wrong_again text check (wrong_again ~ '^[0-9a-f]{64}$');
