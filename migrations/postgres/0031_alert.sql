-- Something to look at. `facts` says what it rests on: the same facts raise one alert.
create table alert (
    id uuid primary key,
    structure uuid not null references structure (id),
    rule text not null,
    facts text not null,
    aidant uuid references staff (id),
    usager uuid references usager (id),
    raised_at bigint not null,
    seen_at bigint,
    closed_at bigint,
    closed_by uuid references staff (id),
    verdict text,
    unique (structure, rule, facts)
);
create index alert_open on alert (structure) where closed_at is null;
create index alert_by_usager on alert (usager);

-- The entries that an alert rests on.
create table alert_line (
    alert uuid not null references alert (id),
    entry uuid not null,
    primary key (alert, entry)
);

-- How far the log of each structure was looked at.
create table alert_scan (
    structure uuid primary key references structure (id),
    next_seq bigint not null
);
