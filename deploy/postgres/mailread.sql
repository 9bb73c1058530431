-- The role of the mail servers: it reads the mail views and nothing else.
-- Run by the owner of the base, after `maincourante migrate`; harmless when run again.
\set ON_ERROR_STOP on
begin;
do $$ begin
    if not exists (select from pg_roles where rolname = 'mailread') then
        create role mailread login noinherit nosuperuser nocreatedb nocreaterole connection limit 50;
    end if;
end $$;
alter role mailread password '@MAILREAD_PASSWORD@';
alter role mailread set default_transaction_read_only = on;
revoke all on all tables in schema public from mailread;
revoke create on schema public from public;
revoke temporary on database @POSTGRES_BASE@ from public;
grant usage on schema public to mailread;
grant select on mail_userdb_json, mail_recipient, mail_sender_login to mailread;
commit;
