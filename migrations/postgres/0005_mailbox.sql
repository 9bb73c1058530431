-- Letters that were given to be sent. Envelope and bytes are sealed; the bytes are wiped once the letter is among the sent ones.
create table outbox (
    id uuid primary key,
    usager uuid not null references usager (id),
    form_key uuid not null,
    envelope bytea not null,
    letter bytea,
    consigned_at bigint not null,
    not_before bigint not null,
    tries bigint not null,
    lease_until bigint,
    doubtful_at bigint,
    accepted_at bigint,
    refused_at bigint,
    refusal text,
    cancelled_at bigint,
    filing_until bigint,
    filed_at bigint,
    unique (usager, form_key)
);
create index outbox_by_usager on outbox (usager, consigned_at);

-- Letters that the demo sent to people who do not live in it, sealed.
create table departed_letter (
    id uuid primary key,
    envelope bytea not null,
    letter bytea not null,
    departed_at bigint not null
);
create index departed_letter_by_time on departed_letter (departed_at);
