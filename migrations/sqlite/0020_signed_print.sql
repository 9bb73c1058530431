-- The print that a person signed by hand, photographed page by page, under the mandate it belongs to.
create table mandate_scan_page (
    id blob primary key,
    mandate blob not null references mandate (id),
    place integer not null,
    media text,
    size integer not null,
    sha256 blob,
    added_by blob not null references staff (id),
    begun_at integer not null,
    added_at integer,
    removed_at integer
) strict;
create index mandate_scan_page_by_mandate on mandate_scan_page (mandate, place);

-- A page, in sealed pieces, as they came.
create table mandate_scan_piece (
    page blob not null references mandate_scan_page (id),
    number integer not null,
    sealed blob not null,
    primary key (page, number)
) strict;

-- The print is whole: who said so, and the hash of the evidence of it.
create table mandate_scan (
    mandate blob primary key references mandate (id),
    closed_at integer not null,
    closed_by blob not null references staff (id),
    evidence_sha256 blob not null
) strict;
