-- Something to look at. `facts` says what it rests on: the same facts raise one alert.
create table alert (
    id blob primary key,
    structure blob not null references structure (id),
    rule text not null,
    facts text not null,
    aidant blob references staff (id),
    usager blob references usager (id),
    raised_at integer not null,
    seen_at integer,
    closed_at integer,
    closed_by blob references staff (id),
    verdict text,
    unique (structure, rule, facts)
) strict;
create index alert_open on alert (structure) where closed_at is null;
create index alert_by_usager on alert (usager);

-- The entries that an alert rests on.
create table alert_line (
    alert blob not null references alert (id),
    entry blob not null,
    primary key (alert, entry)
) strict;

-- How far the log of each structure was looked at.
create table alert_scan (
    structure blob primary key references structure (id),
    next_seq integer not null
) strict;
