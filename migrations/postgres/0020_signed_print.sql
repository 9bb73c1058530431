-- The print that a person signed by hand, photographed page by page, under the mandate it belongs to.
create table mandate_scan_page (
    id uuid primary key,
    mandate uuid not null references mandate (id),
    place bigint not null,
    media text,
    size bigint not null,
    sha256 bytea,
    added_by uuid not null references staff (id),
    begun_at bigint not null,
    added_at bigint,
    removed_at bigint
);
create index mandate_scan_page_by_mandate on mandate_scan_page (mandate, place);

-- A page, in sealed pieces, as they came.
create table mandate_scan_piece (
    page uuid not null references mandate_scan_page (id),
    number bigint not null,
    sealed bytea not null,
    primary key (page, number)
);

-- The print is whole: who said so, and the hash of the evidence of it.
create table mandate_scan (
    mandate uuid primary key references mandate (id),
    closed_at bigint not null,
    closed_by uuid not null references staff (id),
    evidence_sha256 bytea not null
);
