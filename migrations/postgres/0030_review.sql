-- What a référent read again and signed: entries first_seq to last_seq of the log of their structure. The note lies in the journal, sealed.
create table journal_review (
    id uuid primary key,
    structure uuid not null references structure (id),
    staff uuid not null references staff (id),
    first_seq bigint not null,
    last_seq bigint not null,
    lines bigint not null,
    signed_at bigint not null,
    withdrawn_at bigint
);
create index journal_review_by_structure on journal_review (structure, last_seq) where withdrawn_at is null;

-- The reason asked of an aidant for one line. Question and answer lie in the journal, under the act of this identity.
create table journal_reason (
    id uuid primary key,
    structure uuid not null references structure (id),
    entry uuid not null,
    aidant uuid not null references staff (id),
    asked_by uuid not null references staff (id),
    asked_at bigint not null,
    given_at bigint,
    unique (structure, entry)
);
create index journal_reason_by_aidant on journal_reason (aidant) where given_at is null;
