-- On a lent screen, a person says that they have an account already: what they typed, sealed, and the account that it led to, if any.
create table account_search (
    id blob primary key,
    hand_over blob not null references hand_over (id),
    login blob not null,
    usager blob references usager (id),
    begun_at integer not null,
    ends_at integer not null,
    tries integer not null,
    proved_at integer
) strict;
create index account_search_by_hand_over on account_search (hand_over, begun_at);
