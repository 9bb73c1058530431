-- Job queue and rate limits.
create table job (
    id blob primary key,
    kind text not null,
    payload text not null,
    run_at integer not null,
    tries integer not null,
    done_at integer
) strict;
create index job_waiting on job (run_at) where done_at is null;

create table rate_limit (
    bucket text not null,
    who blob not null,
    opened_at integer not null,
    count integer not null,
    primary key (bucket, who)
) strict;
