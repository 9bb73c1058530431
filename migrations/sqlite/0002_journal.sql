-- The journal: logs that only grow. The format of what lies here is described in docs/journal-format.md.

-- The head of each log. `mac` binds it to the vault: a head written by someone who only holds the base is seen.
create table journal_log (
    name text primary key,
    size integer not null,
    last_at integer not null,
    frontier blob not null,
    mac blob not null
) strict;

create table journal_entry (
    log text not null,
    seq integer not null,
    id blob not null unique,
    at integer not null,
    event text not null,
    act blob not null,
    structure blob,
    leaf blob not null,
    leaf_hash blob not null,
    primary key (log, seq)
) strict;
create index journal_entry_act on journal_entry (act);

-- What an entry is about. `sealed` is closed under the record key of the subject.
create table journal_subject (
    log text not null,
    seq integer not null,
    slot integer not null,
    kind text not null,
    id blob not null,
    commitment blob,
    sealed blob,
    primary key (log, seq, slot)
) strict;
create index journal_subject_who on journal_subject (kind, id, log, seq);

-- The key of what the journal says in clear of one subject. Destroyed, the row stays as the trace of it.
create table record_key (
    kind text not null,
    id blob not null,
    wrapped blob,
    created_at integer not null,
    destroyed_at integer,
    primary key (kind, id)
) strict;

create table journal_checkpoint (
    log text not null,
    size integer not null,
    root blob not null,
    at integer not null,
    note text not null,
    primary key (log, size)
) strict;

-- The tree of checkpoints: each leaf is the text of a checkpoint of one log.
create table journal_super (
    seq integer primary key,
    log text not null,
    size integer not null,
    leaf text not null,
    leaf_hash blob not null
) strict;

-- What the base itself refuses. `insert or replace` fires no delete trigger, hence the checks before each insert.
create trigger journal_entry_next before insert on journal_entry
when new.seq is not (select size from journal_log where name = new.log) or exists (select 1 from journal_entry where id = new.id)
begin select raise(abort, 'journal_entry only grows, from the head of its log'); end;
create trigger journal_entry_no_update before update on journal_entry
begin select raise(abort, 'journal_entry only grows'); end;
create trigger journal_entry_no_delete before delete on journal_entry
begin select raise(abort, 'journal_entry only grows'); end;

create trigger journal_subject_next before insert on journal_subject
when new.seq is not (select size from journal_log where name = new.log)
begin select raise(abort, 'journal_subject only grows, from the head of its log'); end;
create trigger journal_subject_no_update before update on journal_subject
begin select raise(abort, 'journal_subject only grows'); end;
create trigger journal_subject_no_delete before delete on journal_subject
begin select raise(abort, 'journal_subject only grows'); end;

create trigger journal_checkpoint_next before insert on journal_checkpoint
when exists (select 1 from journal_checkpoint where log = new.log and size >= new.size)
begin select raise(abort, 'journal_checkpoint only grows'); end;
create trigger journal_checkpoint_no_update before update on journal_checkpoint
begin select raise(abort, 'journal_checkpoint only grows'); end;
create trigger journal_checkpoint_no_delete before delete on journal_checkpoint
begin select raise(abort, 'journal_checkpoint only grows'); end;

create trigger journal_super_next before insert on journal_super
when new.seq is not (select size from journal_log where name = 'super')
begin select raise(abort, 'journal_super only grows, from its head'); end;
create trigger journal_super_no_update before update on journal_super
begin select raise(abort, 'journal_super only grows'); end;
create trigger journal_super_no_delete before delete on journal_super
begin select raise(abort, 'journal_super only grows'); end;

create trigger journal_log_forward before update on journal_log
when new.name is not old.name or new.size < old.size or new.last_at < old.last_at
begin select raise(abort, 'journal_log only grows'); end;
create trigger journal_log_no_delete before delete on journal_log
begin select raise(abort, 'journal_log only grows'); end;
create trigger journal_log_no_replace before insert on journal_log
when new.size <> 0 or exists (select 1 from journal_log where name = new.name)
begin select raise(abort, 'journal_log only grows'); end;

-- A record key changes once: when it is destroyed.
create trigger record_key_once before update on record_key
when new.kind is not old.kind or new.id is not old.id or old.destroyed_at is not null
    or new.wrapped is not null or new.destroyed_at is null
begin select raise(abort, 'record_key is destroyed once, and never changed'); end;
create trigger record_key_no_replace before insert on record_key
when exists (select 1 from record_key where kind = new.kind and id = new.id)
begin select raise(abort, 'record_key is destroyed once, and never changed'); end;
create trigger record_key_no_delete before delete on record_key
begin select raise(abort, 'record_key is destroyed once, and never changed'); end;
