//! What is read in sentences.

use maincourante_kernel::{Failure, Timestamp, Tx, fetch_all, fetch_one};
use uuid::Uuid;

/// What is looked for, as the statements take it: `events` is a list between spaces.
pub(crate) struct Wanted {
    pub aidant: Option<Uuid>,
    pub usager: Option<Uuid>,
    pub events: Option<String>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub after: Option<Uuid>,
    pub beyond: Option<i64>,
    pub most: i64,
}

/// A subject with what opens it.
#[derive(sqlx::FromRow)]
pub(crate) struct SeenRow {
    pub log: String,
    pub seq: i64,
    pub slot: i64,
    pub kind: String,
    pub id: Uuid,
    pub sealed: Option<Vec<u8>>,
    pub wrapped: Option<Vec<u8>>,
    pub destroyed_at: Option<Timestamp>,
}

/// The leaves of one log, newest first.
///
/// An event is looked for by what `replace` takes out: both engines have it, and neither has the other's word for it.
pub(crate) async fn entries_of_log(tx: &mut Tx, log: &str, wanted: &Wanted) -> Result<Vec<(Vec<u8>,)>, Failure> {
    fetch_all!(
        tx,
        (Vec<u8>,),
        "select e.leaf from journal_entry e where e.log = $1
           and ($2 is null or exists (select 1 from journal_subject s where s.log = e.log and s.seq = e.seq and s.kind = 'aidant' and s.id = $2))
           and ($3 is null or exists (select 1 from journal_subject s where s.log = e.log and s.seq = e.seq and s.kind = 'usager' and s.id = $3))
           and ($4 is null or replace($4, ' ' || e.event || ' ', '') <> $4)
           and ($5 is null or e.at >= $5) and ($6 is null or e.at < $6)
           and ($7 is null or e.seq < (select seq from journal_entry where id = $7 and log = $1))
           and ($8 is null or e.seq > $8)
         order by e.seq desc limit $9",
        log,
        wanted.aidant,
        wanted.usager,
        wanted.events.as_ref(),
        wanted.from,
        wanted.until,
        wanted.after,
        wanted.beyond,
        wanted.most
    )
}

/// The leaves about one person in every log, newest first. An act told in several logs is read once, where its name comes first.
pub(crate) async fn entries_of_person(tx: &mut Tx, person: Uuid, wanted: &Wanted) -> Result<Vec<(Vec<u8>,)>, Failure> {
    fetch_all!(
        tx,
        (Vec<u8>,),
        "select e.leaf from journal_subject p join journal_entry e on e.log = p.log and e.seq = p.seq
         where p.kind = 'usager' and p.id = $1
           and not exists (
             select 1 from journal_entry o join journal_subject q on q.log = o.log and q.seq = o.seq
             where o.act = e.act and o.event = e.event and o.log < e.log and q.kind = 'usager' and q.id = $1)
           and ($2 is null or exists (select 1 from journal_subject s where s.log = e.log and s.seq = e.seq and s.kind = 'aidant' and s.id = $2))
           and ($3 is null or exists (select 1 from journal_subject s where s.log = e.log and s.seq = e.seq and s.kind = 'usager' and s.id = $3))
           and ($4 is null or replace($4, ' ' || e.event || ' ', '') <> $4)
           and ($5 is null or e.at >= $5) and ($6 is null or e.at < $6)
           and ($7 is null or (e.at, e.log, e.seq) < (select at, log, seq from journal_entry where id = $7))
         order by e.at desc, e.log desc, e.seq desc limit $8",
        person,
        wanted.aidant,
        wanted.usager,
        wanted.events.as_ref(),
        wanted.from,
        wanted.until,
        wanted.after,
        wanted.most
    )
}

/// The subjects of these entries: a JSON array of `[log, seq]`.
pub(crate) async fn subjects_of(tx: &mut Tx, places: &str) -> Result<Vec<SeenRow>, Failure> {
    fetch_all!(
        tx,
        SeenRow,
        [
            "select s.log, s.seq, s.slot, s.kind, s.id, s.sealed, k.wrapped, k.destroyed_at from json_each($1) place
         join journal_subject s on s.log = place.value ->> 0 and s.seq = place.value ->> 1
         left join record_key k on k.kind = s.kind and k.id = s.id order by s.log, s.seq, s.slot",
            "select s.log, s.seq, s.slot, s.kind, s.id, s.sealed, k.wrapped, k.destroyed_at from jsonb_array_elements($1::jsonb) place
         join journal_subject s on s.log = place ->> 0 and s.seq = (place ->> 1)::bigint
         left join record_key k on k.kind = s.kind and k.id = s.id order by s.log, s.seq, s.slot"
        ],
        places
    )
}

/// The leaves of one log that have these identifiers, a JSON array, newest first.
pub(crate) async fn entries_by_id(tx: &mut Tx, log: &str, ids: &str) -> Result<Vec<(Vec<u8>,)>, Failure> {
    fetch_all!(
        tx,
        (Vec<u8>,),
        [
            "select e.leaf from json_each($2) wanted join journal_entry e on e.id = unhex(replace(wanted.value, '-', ''))
         where e.log = $1 order by e.seq desc",
            "select e.leaf from jsonb_array_elements_text($2::jsonb) wanted (value) join journal_entry e on e.id = wanted.value::uuid
         where e.log = $1 order by e.seq desc"
        ],
        log,
        ids
    )
}

/// The leaves of one log that tell these acts, a JSON array, newest first.
pub(crate) async fn entries_of_acts(tx: &mut Tx, log: &str, acts: &str) -> Result<Vec<(Vec<u8>,)>, Failure> {
    fetch_all!(
        tx,
        (Vec<u8>,),
        [
            "select e.leaf from json_each($2) wanted join journal_entry e on e.act = unhex(replace(wanted.value, '-', ''))
         where e.log = $1 order by e.seq desc",
            "select e.leaf from jsonb_array_elements_text($2::jsonb) wanted (value) join journal_entry e on e.act = wanted.value::uuid
         where e.log = $1 order by e.seq desc"
        ],
        log,
        acts
    )
}

/// The leaves about one person that have these identifiers, a JSON array, wherever they lie.
pub(crate) async fn entries_by_id_of_person(tx: &mut Tx, person: Uuid, ids: &str) -> Result<Vec<(Vec<u8>,)>, Failure> {
    fetch_all!(
        tx,
        (Vec<u8>,),
        [
            "select e.leaf from json_each($2) wanted join journal_entry e on e.id = unhex(replace(wanted.value, '-', ''))
         where exists (select 1 from journal_subject s where s.log = e.log and s.seq = e.seq and s.kind = 'usager' and s.id = $1)
         order by e.at desc, e.log desc, e.seq desc",
            "select e.leaf from jsonb_array_elements_text($2::jsonb) wanted (value) join journal_entry e on e.id = wanted.value::uuid
         where exists (select 1 from journal_subject s where s.log = e.log and s.seq = e.seq and s.kind = 'usager' and s.id = $1)
         order by e.at desc, e.log desc, e.seq desc"
        ],
        person,
        ids
    )
}

/// How many entries lie between two numbers of a log, and when the first was written. What tells of a reading has no person in it.
pub(crate) async fn tally(tx: &mut Tx, log: &str, beyond: i64, last: i64) -> Result<(i64, Option<Timestamp>), Failure> {
    fetch_one!(
        tx,
        (i64, Option<Timestamp>),
        "select count(*), min(e.at) from journal_entry e where e.log = $1 and e.seq > $2 and e.seq <= $3
           and e.event not in ('journal.reviewed', 'journal.review_withdrawn')
           and not (e.event = 'record.viewed' and not exists (
             select 1 from journal_subject s where s.log = e.log and s.seq = e.seq and s.kind = 'usager'))",
        log,
        beyond,
        last
    )
}

/// How many entries of a log were written before this instant: the number of the first one after it.
pub(crate) async fn entries_before(tx: &mut Tx, log: &str, at: Timestamp) -> Result<i64, Failure> {
    let (count,) = fetch_one!(tx, (i64,), "select count(*) from journal_entry where log = $1 and at < $2", log, at)?;
    Ok(count)
}
