-- Who is invited where, who accepted which charter, for which structure a session acts, which mandates are held.
-- An invitation without structure opens again the access of someone whose codes the operator reset.
create table invitation (
    id uuid primary key,
    structure uuid references structure (id),
    role text,
    staff uuid references staff (id),
    login_index bytea not null,
    who bytea not null,
    invited_by uuid references staff (id),
    invited_at bigint not null,
    sends bigint not null,
    token_index bytea not null unique,
    ends_at bigint not null,
    left_at bigint,
    refused_at bigint,
    password text,
    totp bytea,
    accepted_at bigint,
    withdrawn_at bigint
);
create index invitation_by_structure on invitation (structure);
create index invitation_by_login on invitation (login_index);

create table charter_acceptance (
    staff uuid not null references staff (id),
    version text not null,
    accepted_at bigint not null,
    primary key (staff, version)
);

create table acting_for (
    session uuid primary key references session (id),
    staff uuid not null references staff (id),
    structure uuid not null references structure (id),
    since bigint not null
);
create index acting_for_by_staff on acting_for (staff, since);

-- Mandates whose powers are held because of something else than themselves, and what.
create table mandate_hold (
    mandate uuid primary key references mandate (id),
    cause text not null,
    held_at bigint not null
);
