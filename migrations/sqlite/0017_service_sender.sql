-- The address from which the service itself writes: nobody's mailbox, and the submission credential may send for it.
create table service_sender (
    address text primary key
) strict;

drop view mail_sender_login;
create view mail_sender_login as
    select address as sender, 'submission' as login from usager where disabled_at is null and closed_at is null
    union all
    select address as sender, 'submission' as login from service_sender;
