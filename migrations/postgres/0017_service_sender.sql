-- The address from which the service itself writes: nobody's mailbox, and the submission credential may send for it.
create table service_sender (
    address text primary key
);

-- Replaced and not dropped: what the mail servers were granted stays granted.
create or replace view mail_sender_login as
    select address as sender, 'submission'::text as login from usager where disabled_at is null and closed_at is null
    union all
    select address as sender, 'submission'::text as login from service_sender;
