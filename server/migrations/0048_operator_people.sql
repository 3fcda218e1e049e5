-- The operator has people too: they look, they change, they agree as second persons, and one of them says who
-- they are. Who says that does nothing else.
alter table staff_person
  drop constraint staff_person_roles_check,
  add constraint staff_person_roles_check check (
    cardinality(roles) > 0
    and roles <@ array['clerk', 'supervisor', 'viewer', 'operator', 'admin']
    and (not 'admin' = any (roles) or cardinality(roles) = 1)
  );
