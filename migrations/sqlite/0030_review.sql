-- What a référent read again and signed: entries first_seq to last_seq of the log of their structure. The note lies in the journal, sealed.
create table journal_review (
    id blob primary key,
    structure blob not null references structure (id),
    staff blob not null references staff (id),
    first_seq integer not null,
    last_seq integer not null,
    lines integer not null,
    signed_at integer not null,
    withdrawn_at integer
) strict;
create index journal_review_by_structure on journal_review (structure, last_seq) where withdrawn_at is null;

-- The reason asked of an aidant for one line. Question and answer lie in the journal, under the act of this identity.
create table journal_reason (
    id blob primary key,
    structure blob not null references structure (id),
    entry blob not null,
    aidant blob not null references staff (id),
    asked_by blob not null references staff (id),
    asked_at integer not null,
    given_at integer,
    unique (structure, entry)
) strict;
create index journal_reason_by_aidant on journal_reason (aidant) where given_at is null;
