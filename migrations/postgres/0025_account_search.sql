-- On a lent screen, a person says that they have an account already: what they typed, sealed, and the account that it led to, if any.
create table account_search (
    id uuid primary key,
    hand_over uuid not null references hand_over (id),
    login bytea not null,
    usager uuid references usager (id),
    begun_at bigint not null,
    ends_at bigint not null,
    tries bigint not null,
    proved_at bigint
);
create index account_search_by_hand_over on account_search (hand_over, begun_at);
