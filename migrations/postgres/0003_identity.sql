-- Accounts and who is at the keyboard.
create table usager (
    id uuid primary key,
    address text not null unique,
    given_names text not null,
    family_name text not null,
    birth_date text,
    password text,
    password_changed_at bigint,
    created_at bigint not null,
    disabled_at bigint,
    closed_at bigint
);

-- Every address ever given: none is given twice.
create table taken_address (
    address text primary key,
    taken_at bigint not null
);

create table phone (
    id uuid primary key,
    usager uuid not null references usager (id),
    number bytea not null,
    number_index bytea not null,
    verified_at bigint not null,
    revoked_at bigint
);
create index phone_by_number on phone (number_index) where revoked_at is null;
create index phone_by_usager on phone (usager) where revoked_at is null;

-- Aidants and operators: password and time-based code.
create table staff (
    id uuid primary key,
    kind text not null,
    login text not null unique,
    name text not null,
    password text not null,
    totp bytea not null,
    totp_step bigint,
    created_at bigint not null,
    disabled_at bigint
);

create table session (
    id uuid primary key,
    token_hash bytea not null unique,
    usager uuid references usager (id),
    staff uuid references staff (id),
    method text not null,
    computer text not null,
    opened_at bigint not null,
    seen_at bigint not null,
    ends_at bigint not null,
    ended_at bigint,
    lent_to uuid
);
create index session_by_usager on session (usager) where ended_at is null;
create index session_by_staff on session (staff) where ended_at is null;

create table hand_over (
    id uuid primary key,
    token_hash bytea not null unique,
    session uuid not null references session (id),
    staff uuid not null references staff (id),
    purpose text not null,
    subject uuid not null,
    shown bytea not null,
    lent_at bigint not null,
    ends_at bigint not null,
    phone_proved_at bigint,
    completed_at bigint,
    closed_at bigint,
    taken_back_at bigint
);

-- A code is never stored: it is computed from its identity under the vault's key.
create table code (
    id uuid primary key,
    purpose text not null,
    subject uuid not null,
    sent_at bigint not null,
    ends_at bigint not null,
    sends bigint not null,
    tries bigint not null,
    used_at bigint
);
create index code_by_subject on code (purpose, subject);

create table reset_request (
    id uuid primary key,
    token_hash bytea not null unique,
    login bytea not null,
    usager uuid references usager (id),
    begun_at bigint not null,
    ends_at bigint not null,
    tries bigint not null,
    proved_at bigint,
    used_at bigint
);
