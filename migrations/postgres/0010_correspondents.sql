-- Who wrote to a person and to whom they wrote: blind indexes, different for each person. No address is here.
create table correspondent (
    usager uuid not null references usager (id),
    address bytea not null,
    first_at bigint,
    written_at bigint,
    primary key (usager, address)
);
