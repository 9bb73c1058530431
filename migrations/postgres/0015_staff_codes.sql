-- An access whose codes are to be set up again, and the sheets of codes that open one sign-in each.
alter table staff add column reset_at bigint;

create table staff_sheet (
    id uuid primary key,
    staff uuid not null references staff (id),
    session uuid not null references session (id),
    made_at bigint not null,
    replaced_at bigint
);
create index staff_sheet_by_staff on staff_sheet (staff) where replaced_at is null;

-- A code is never stored: a keyed hash finds it.
create table staff_code (
    sheet uuid not null references staff_sheet (id),
    hash bytea not null,
    used_at bigint,
    primary key (sheet, hash)
);
