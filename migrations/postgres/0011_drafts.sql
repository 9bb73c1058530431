-- Letters that a person has not finished. What was written is sealed. A version says which writing a page began from.
create table letter_draft (
    id uuid primary key,
    usager uuid not null references usager (id),
    form_key uuid not null,
    body bytea not null,
    version bigint not null,
    resumes uuid,
    kept_at bigint not null,
    discarded_at bigint,
    unique (usager, form_key)
);
create index letter_draft_by_usager on letter_draft (usager, id);

-- Files joined to a draft, then to the letter that it became: a sealed head, and sealed pieces.
create table letter_file (
    id uuid primary key,
    usager uuid not null references usager (id),
    draft uuid,
    letter uuid references outbox (id),
    head bytea not null,
    size bigint not null,
    begun_at bigint not null,
    joined_at bigint
);
create index letter_file_by_draft on letter_file (draft);
create index letter_file_by_letter on letter_file (letter);

create table letter_piece (
    file uuid not null references letter_file (id),
    rank bigint not null,
    bytes bytea not null,
    primary key (file, rank)
);
