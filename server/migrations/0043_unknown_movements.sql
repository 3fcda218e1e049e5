-- What nobody knows is few, and looked through by the operator.
create index wallet_movement_unknown on wallet_movement (id) where state = 'unknown';
