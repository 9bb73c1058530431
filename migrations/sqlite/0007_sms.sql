-- Text messages: queued with the act, sealed, their words wiped once they left.
create table sms_message (
    id blob primary key,
    template text not null,
    about blob,
    recipient blob not null,
    body blob,
    queued_at integer not null,
    sent_at integer,
    gateway text
) strict;

-- The fictitious phone of the demo and of training: what it received, in clear.
create table training_sms (
    id blob primary key,
    recipient text not null,
    body text not null,
    received_at integer not null
) strict;
create index training_sms_by_time on training_sms (received_at);
