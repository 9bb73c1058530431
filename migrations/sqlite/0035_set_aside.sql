-- What someone typed and could not send, because they had been signed out meanwhile: the page and the fields, sealed. One for each
-- account, an hour, shown to that account alone.
create table set_aside (
    id blob primary key,
    usager blob unique references usager (id),
    staff blob unique references staff (id),
    typed blob not null,
    kept_at integer not null,
    shown_at integer
) strict;
create index set_aside_by_age on set_aside (kept_at);
