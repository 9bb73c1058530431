-- What the mail servers read, and all that they may read: a living account has a mailbox, receives, and may be written for.
-- The folder of a mailbox is the account's id: an address in a path would need quoting, an id never does.
create view mail_userdb as
    select address as username, replace(cast(id as text), '-', '') as home, '*:storage=1G' as quota_rule
    from usager where disabled_at is null and closed_at is null;

-- The same, as Dovecot's dict wants it: one key, one value.
create view mail_userdb_json as
    select username, json_build_object('home', home, 'quota_rule', quota_rule)::text as value from mail_userdb;

create view mail_recipient as
    select address as recipient from usager where disabled_at is null and closed_at is null;

-- Letters are submitted by the program, with one credential that may send for living local addresses only.
create view mail_sender_login as
    select address as sender, 'submission' as login from usager where disabled_at is null and closed_at is null;
