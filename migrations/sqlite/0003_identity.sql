-- Accounts and who is at the keyboard.
create table usager (
    id blob primary key,
    address text not null unique,
    given_names text not null,
    family_name text not null,
    birth_date text,
    password text,
    password_changed_at integer,
    created_at integer not null,
    disabled_at integer,
    closed_at integer
) strict;

-- Every address ever given: none is given twice.
create table taken_address (
    address text primary key,
    taken_at integer not null
) strict;

create table phone (
    id blob primary key,
    usager blob not null references usager (id),
    number blob not null,
    number_index blob not null,
    verified_at integer not null,
    revoked_at integer
) strict;
create index phone_by_number on phone (number_index) where revoked_at is null;
create index phone_by_usager on phone (usager) where revoked_at is null;

-- Aidants and operators: password and time-based code.
create table staff (
    id blob primary key,
    kind text not null,
    login text not null unique,
    name text not null,
    password text not null,
    totp blob not null,
    totp_step integer,
    created_at integer not null,
    disabled_at integer
) strict;

create table session (
    id blob primary key,
    token_hash blob not null unique,
    usager blob references usager (id),
    staff blob references staff (id),
    method text not null,
    computer text not null,
    opened_at integer not null,
    seen_at integer not null,
    ends_at integer not null,
    ended_at integer,
    lent_to blob
) strict;
create index session_by_usager on session (usager) where ended_at is null;
create index session_by_staff on session (staff) where ended_at is null;

create table hand_over (
    id blob primary key,
    token_hash blob not null unique,
    session blob not null references session (id),
    staff blob not null references staff (id),
    purpose text not null,
    subject blob not null,
    shown blob not null,
    lent_at integer not null,
    ends_at integer not null,
    phone_proved_at integer,
    completed_at integer,
    closed_at integer,
    taken_back_at integer
) strict;

-- A code is never stored: it is computed from its identity under the vault's key.
create table code (
    id blob primary key,
    purpose text not null,
    subject blob not null,
    sent_at integer not null,
    ends_at integer not null,
    sends integer not null,
    tries integer not null,
    used_at integer
) strict;
create index code_by_subject on code (purpose, subject);

create table reset_request (
    id blob primary key,
    token_hash blob not null unique,
    login blob not null,
    usager blob references usager (id),
    begun_at integer not null,
    ends_at integer not null,
    tries integer not null,
    proved_at integer,
    used_at integer
) strict;
