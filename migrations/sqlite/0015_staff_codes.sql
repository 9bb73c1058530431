-- An access whose codes are to be set up again, and the sheets of codes that open one sign-in each.
alter table staff add column reset_at integer;

create table staff_sheet (
    id blob primary key,
    staff blob not null references staff (id),
    session blob not null references session (id),
    made_at integer not null,
    replaced_at integer
) strict;
create index staff_sheet_by_staff on staff_sheet (staff) where replaced_at is null;

-- A code is never stored: a keyed hash finds it.
create table staff_code (
    sheet blob not null references staff_sheet (id),
    hash blob not null,
    used_at integer,
    primary key (sheet, hash)
) strict;
