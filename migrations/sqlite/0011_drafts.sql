-- Letters that a person has not finished. What was written is sealed. A version says which writing a page began from.
create table letter_draft (
    id blob primary key,
    usager blob not null references usager (id),
    form_key blob not null,
    body blob not null,
    version integer not null,
    resumes blob,
    kept_at integer not null,
    discarded_at integer,
    unique (usager, form_key)
) strict;
create index letter_draft_by_usager on letter_draft (usager, id);

-- Files joined to a draft, then to the letter that it became: a sealed head, and sealed pieces.
create table letter_file (
    id blob primary key,
    usager blob not null references usager (id),
    draft blob,
    letter blob references outbox (id),
    head blob not null,
    size integer not null,
    begun_at integer not null,
    joined_at integer
) strict;
create index letter_file_by_draft on letter_file (draft);
create index letter_file_by_letter on letter_file (letter);

create table letter_piece (
    file blob not null references letter_file (id),
    rank integer not null,
    bytes blob not null,
    primary key (file, rank)
) strict;
