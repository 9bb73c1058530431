-- The journal: logs that only grow. The format of what lies here is described in docs/journal-format.md.

-- The head of each log. `mac` binds it to the vault: a head written by someone who only holds the base is seen.
create table journal_log (
    name text primary key,
    size bigint not null,
    last_at bigint not null,
    frontier bytea not null,
    mac bytea not null
);

create table journal_entry (
    log text not null,
    seq bigint not null,
    id uuid not null unique,
    at bigint not null,
    event text not null,
    act uuid not null,
    structure uuid,
    leaf bytea not null,
    leaf_hash bytea not null,
    primary key (log, seq)
);
create index journal_entry_act on journal_entry (act);

-- What an entry is about. `sealed` is closed under the record key of the subject.
create table journal_subject (
    log text not null,
    seq bigint not null,
    slot bigint not null,
    kind text not null,
    id uuid not null,
    commitment bytea,
    sealed bytea,
    primary key (log, seq, slot)
);
create index journal_subject_who on journal_subject (kind, id, log, seq);

-- The key of what the journal says in clear of one subject. Destroyed, the row stays as the trace of it.
create table record_key (
    kind text not null,
    id uuid not null,
    wrapped bytea,
    created_at bigint not null,
    destroyed_at bigint,
    primary key (kind, id)
);

create table journal_checkpoint (
    log text not null,
    size bigint not null,
    root bytea not null,
    at bigint not null,
    note text not null,
    primary key (log, size)
);

-- The tree of checkpoints: each leaf is the text of a checkpoint of one log.
create table journal_super (
    seq bigint primary key,
    log text not null,
    size bigint not null,
    leaf text not null,
    leaf_hash bytea not null
);

-- What the base itself refuses. `enable always`: `session_replication_role` does not silence these triggers.
create function journal_refuse() returns trigger language plpgsql as $$
begin
    raise exception '% only grows', tg_table_name;
end $$;
create function journal_from_head() returns trigger language plpgsql as $$
begin
    if new.seq is distinct from (select size from journal_log where name = new.log) then
        raise exception '% only grows, from the head of its log', tg_table_name;
    end if;
    return new;
end $$;
create function journal_super_from_head() returns trigger language plpgsql as $$
begin
    if new.seq is distinct from (select size from journal_log where name = 'super') then
        raise exception 'journal_super only grows, from its head';
    end if;
    return new;
end $$;
create function journal_checkpoint_forward() returns trigger language plpgsql as $$
begin
    if exists (select 1 from journal_checkpoint where log = new.log and size >= new.size) then
        raise exception 'journal_checkpoint only grows';
    end if;
    return new;
end $$;
create function journal_log_forward() returns trigger language plpgsql as $$
begin
    if new.name is distinct from old.name or new.size < old.size or new.last_at < old.last_at then
        raise exception 'journal_log only grows';
    end if;
    return new;
end $$;
create function journal_log_new() returns trigger language plpgsql as $$
begin
    if new.size <> 0 then
        raise exception 'journal_log only grows';
    end if;
    return new;
end $$;
create function record_key_once() returns trigger language plpgsql as $$
begin
    if new.kind is distinct from old.kind or new.id is distinct from old.id or old.destroyed_at is not null
        or new.wrapped is not null or new.destroyed_at is null then
        raise exception 'record_key is destroyed once, and never changed';
    end if;
    return new;
end $$;

create trigger journal_entry_next before insert on journal_entry for each row execute function journal_from_head();
create trigger journal_entry_no_update before update on journal_entry for each statement execute function journal_refuse();
create trigger journal_entry_no_delete before delete or truncate on journal_entry for each statement execute function journal_refuse();
create trigger journal_subject_next before insert on journal_subject for each row execute function journal_from_head();
create trigger journal_subject_no_update before update on journal_subject for each statement execute function journal_refuse();
create trigger journal_subject_no_delete before delete or truncate on journal_subject for each statement execute function journal_refuse();
create trigger journal_checkpoint_next before insert on journal_checkpoint for each row execute function journal_checkpoint_forward();
create trigger journal_checkpoint_no_update before update on journal_checkpoint for each statement execute function journal_refuse();
create trigger journal_checkpoint_no_delete before delete or truncate on journal_checkpoint for each statement execute function journal_refuse();
create trigger journal_super_next before insert on journal_super for each row execute function journal_super_from_head();
create trigger journal_super_no_update before update on journal_super for each statement execute function journal_refuse();
create trigger journal_super_no_delete before delete or truncate on journal_super for each statement execute function journal_refuse();
create trigger journal_log_forward before update on journal_log for each row execute function journal_log_forward();
create trigger journal_log_no_delete before delete or truncate on journal_log for each statement execute function journal_refuse();
create trigger journal_log_no_replace before insert on journal_log for each row execute function journal_log_new();
create trigger record_key_once before update on record_key for each row execute function record_key_once();
create trigger record_key_no_delete before delete or truncate on record_key for each statement execute function journal_refuse();

alter table journal_entry enable always trigger journal_entry_next;
alter table journal_entry enable always trigger journal_entry_no_update;
alter table journal_entry enable always trigger journal_entry_no_delete;
alter table journal_subject enable always trigger journal_subject_next;
alter table journal_subject enable always trigger journal_subject_no_update;
alter table journal_subject enable always trigger journal_subject_no_delete;
alter table journal_checkpoint enable always trigger journal_checkpoint_next;
alter table journal_checkpoint enable always trigger journal_checkpoint_no_update;
alter table journal_checkpoint enable always trigger journal_checkpoint_no_delete;
alter table journal_super enable always trigger journal_super_next;
alter table journal_super enable always trigger journal_super_no_update;
alter table journal_super enable always trigger journal_super_no_delete;
alter table journal_log enable always trigger journal_log_forward;
alter table journal_log enable always trigger journal_log_no_delete;
alter table journal_log enable always trigger journal_log_no_replace;
alter table record_key enable always trigger record_key_once;
alter table record_key enable always trigger record_key_no_delete;
