-- An access whose codes are to be set up again, and the sheets of codes that open one sign-in each.
alter table staff add column reset_at integer;

create table recovery_sheet (
    id blob primary key,
    staff blob not null references staff (id),
    session blob not null references session (id),
    made_at integer not null,
    replaced_at integer
) strict;
create index recovery_sheet_by_staff on recovery_sheet (staff) where replaced_at is null;

-- A code is never stored: a keyed hash finds it.
create table recovery_code (
    sheet blob not null references recovery_sheet (id),
    hash blob not null,
    used_at integer,
    primary key (sheet, hash)
) strict;
