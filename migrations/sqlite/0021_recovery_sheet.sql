-- Codes on paper, for who has no phone: ten for one sheet, each used once. Only their MAC under the key of the vault is kept.
create table recovery_sheet (
    id blob primary key,
    usager blob not null references usager (id),
    made_at integer not null,
    ended_at integer
) strict;
create index recovery_sheet_by_usager on recovery_sheet (usager) where ended_at is null;

create table recovery_code (
    sheet blob not null references recovery_sheet (id),
    number integer not null,
    mac blob not null unique,
    used_at integer,
    primary key (sheet, number)
) strict;

-- How the person proved who they are: 'sheet', or by text message when nothing is said.
alter table reset_request add column route text;
alter table hand_over add column proved_by text;
