-- What someone typed and could not send, because they had been signed out meanwhile: the page and the fields, sealed. One for each
-- account, an hour, shown to that account alone.
create table set_aside (
    id uuid primary key,
    usager uuid unique references usager (id),
    staff uuid unique references staff (id),
    typed bytea not null,
    kept_at bigint not null,
    shown_at bigint
);
create index set_aside_by_age on set_aside (kept_at);
