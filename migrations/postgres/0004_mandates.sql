-- Structures, who works there, mandates and what they allow.
create table structure (
    id uuid primary key,
    name text not null,
    siret text not null unique,
    postal_address text not null,
    phone text not null,
    opening_hours text not null,
    powers text not null,
    opened_at bigint not null,
    suspended_at bigint,
    closed_at bigint
);

create table membership (
    structure uuid not null references structure (id),
    staff uuid not null references staff (id),
    role text not null,
    since bigint not null,
    ended_at bigint,
    primary key (structure, staff)
);
create index membership_by_staff on membership (staff) where ended_at is null;

create table mandate (
    id uuid primary key,
    structure uuid not null references structure (id),
    aidant uuid not null references staff (id),
    usager uuid references usager (id),
    state text not null,
    state_since bigint not null,
    begun_at bigint not null,
    draft bytea,
    held_address text unique,
    number text unique,
    presented_at bigint,
    presented_sha256 bytea,
    signed_at bigint,
    signature_method text,
    evidence_sha256 bytea,
    activated_at bigint,
    countersigned_by uuid references staff (id),
    ends_at bigint,
    provisional_until bigint,
    document_sha256 bytea
);
create index mandate_by_structure on mandate (structure, state);
create index mandate_by_usager on mandate (usager);

-- The powers a person granted; what has no row was refused.
create table mandate_power (
    mandate uuid not null references mandate (id),
    power text not null,
    revoked_at bigint,
    primary key (mandate, power)
);

-- Sealed papers of a mandate: the document shown, the evidence, the document signed.
create table mandate_paper (
    mandate uuid not null references mandate (id),
    kind text not null,
    sealed bytea not null,
    made_at bigint not null,
    primary key (mandate, kind)
);

-- Under which mandate and which power a screen was lent.
create table lent_under (
    hand_over uuid primary key references hand_over (id),
    mandate uuid not null references mandate (id),
    power text not null,
    act uuid not null
);
