-- Who wrote to a person and to whom they wrote: blind indexes, different for each person. No address is here.
create table correspondent (
    usager blob not null references usager (id),
    address blob not null,
    first_at integer,
    written_at integer,
    primary key (usager, address)
) strict;
