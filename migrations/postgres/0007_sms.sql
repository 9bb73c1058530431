-- Text messages: queued with the act, sealed, their words wiped once they left.
create table sms_message (
    id uuid primary key,
    template text not null,
    about uuid,
    recipient bytea not null,
    body bytea,
    queued_at bigint not null,
    sent_at bigint,
    gateway text
);

-- The fictitious phone of the demo and of training: what it received, in clear.
create table training_sms (
    id uuid primary key,
    recipient text not null,
    body text not null,
    received_at bigint not null
);
create index training_sms_by_time on training_sms (received_at);
