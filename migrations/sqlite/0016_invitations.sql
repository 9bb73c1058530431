-- Who is invited where, who accepted which charter, for which structure a session acts, which mandates are held.
-- An invitation without structure opens again the access of someone whose codes the operator reset.
create table invitation (
    id blob primary key,
    structure blob references structure (id),
    role text,
    staff blob references staff (id),
    login_index blob not null,
    who blob not null,
    invited_by blob references staff (id),
    invited_at integer not null,
    sends integer not null,
    token_index blob not null unique,
    ends_at integer not null,
    left_at integer,
    refused_at integer,
    password text,
    totp blob,
    accepted_at integer,
    withdrawn_at integer
) strict;
create index invitation_by_structure on invitation (structure);
create index invitation_by_login on invitation (login_index);

create table charter_acceptance (
    staff blob not null references staff (id),
    version text not null,
    accepted_at integer not null,
    primary key (staff, version)
) strict;

create table acting_for (
    session blob primary key references session (id),
    staff blob not null references staff (id),
    structure blob not null references structure (id),
    since integer not null
) strict;
create index acting_for_by_staff on acting_for (staff, since);

-- Mandates whose powers are held because of something else than themselves, and what.
create table mandate_hold (
    mandate blob primary key references mandate (id),
    cause text not null,
    held_at integer not null
) strict;
