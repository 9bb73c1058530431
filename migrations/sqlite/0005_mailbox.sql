-- Letters that were given to be sent. Envelope and bytes are sealed; the bytes are wiped once the letter is among the sent ones.
create table outbox (
    id blob primary key,
    usager blob not null references usager (id),
    form_key blob not null,
    envelope blob not null,
    letter blob,
    consigned_at integer not null,
    not_before integer not null,
    tries integer not null,
    lease_until integer,
    doubtful_at integer,
    accepted_at integer,
    refused_at integer,
    refusal text,
    cancelled_at integer,
    filing_until integer,
    filed_at integer,
    unique (usager, form_key)
) strict;
create index outbox_by_usager on outbox (usager, consigned_at);

-- Letters that the demo sent to people who do not live in it, sealed.
create table departed_letter (
    id blob primary key,
    envelope blob not null,
    letter blob not null,
    departed_at integer not null
) strict;
create index departed_letter_by_time on departed_letter (departed_at);
