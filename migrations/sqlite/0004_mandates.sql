-- Structures, who works there, mandates and what they allow.
create table structure (
    id blob primary key,
    name text not null,
    siret text not null unique,
    postal_address text not null,
    phone text not null,
    opening_hours text not null,
    powers text not null,
    opened_at integer not null,
    suspended_at integer,
    closed_at integer
) strict;

create table membership (
    structure blob not null references structure (id),
    staff blob not null references staff (id),
    role text not null,
    since integer not null,
    ended_at integer,
    primary key (structure, staff)
) strict;
create index membership_by_staff on membership (staff) where ended_at is null;

create table mandate (
    id blob primary key,
    structure blob not null references structure (id),
    aidant blob not null references staff (id),
    usager blob references usager (id),
    state text not null,
    state_since integer not null,
    begun_at integer not null,
    draft blob,
    held_address text unique,
    number text unique,
    presented_at integer,
    presented_sha256 blob,
    signed_at integer,
    signature_method text,
    evidence_sha256 blob,
    activated_at integer,
    countersigned_by blob references staff (id),
    ends_at integer,
    provisional_until integer,
    document_sha256 blob
) strict;
create index mandate_by_structure on mandate (structure, state);
create index mandate_by_usager on mandate (usager);

-- The powers a person granted; what has no row was refused.
create table mandate_power (
    mandate blob not null references mandate (id),
    power text not null,
    revoked_at integer,
    primary key (mandate, power)
) strict;

-- Sealed papers of a mandate: the document shown, the evidence, the document signed.
create table mandate_paper (
    mandate blob not null references mandate (id),
    kind text not null,
    sealed blob not null,
    made_at integer not null,
    primary key (mandate, kind)
) strict;

-- Under which mandate and which power a screen was lent.
create table lent_under (
    hand_over blob primary key references hand_over (id),
    mandate blob not null references mandate (id),
    power text not null,
    act blob not null
) strict;
