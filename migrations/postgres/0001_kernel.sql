-- Job queue and rate limits.
create table job (
    id uuid primary key,
    kind text not null,
    payload text not null,
    run_at bigint not null,
    tries bigint not null,
    done_at bigint
);
create index job_waiting on job (run_at) where done_at is null;

create table rate_limit (
    bucket text not null,
    who bytea not null,
    opened_at bigint not null,
    count bigint not null,
    primary key (bucket, who)
);
