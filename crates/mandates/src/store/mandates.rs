//! Mandates, their powers, their papers, and the screens lent under them.

use maincourante_identity::{HandOverId, StaffId, UsagerId};
use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_all, fetch_optional};
use uuid::Uuid;

use crate::{MandateId, StructureId};

#[derive(sqlx::FromRow)]
pub(crate) struct MandateRow {
    pub id: MandateId,
    pub structure: StructureId,
    pub aidant: StaffId,
    pub usager: Option<UsagerId>,
    pub state: String,
    pub state_since: Timestamp,
    pub begun_at: Timestamp,
    pub draft: Option<Vec<u8>>,
    pub number: Option<String>,
    pub presented_at: Option<Timestamp>,
    pub presented_sha256: Option<Vec<u8>>,
    pub signature_method: Option<String>,
    pub evidence_sha256: Option<Vec<u8>>,
    pub activated_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub provisional_until: Option<Timestamp>,
    pub countersigned_by: Option<StaffId>,
}

/// False when there is a mandate of this identity already.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: MandateId,
    structure: StructureId,
    aidant: StaffId,
    draft: &[u8],
    now: Timestamp,
) -> Result<bool, Failure> {
    Ok(execute!(
        tx,
        "
        insert into mandate (id, structure, aidant, state, state_since, begun_at, draft) values ($1, $2, $3, 'draft', $4, $4, $5)
        on conflict (id) do nothing",
        id,
        structure,
        aidant,
        now,
        draft
    )? == 1)
}

pub(crate) async fn find(tx: &mut Tx, id: MandateId) -> Result<Option<MandateRow>, Failure> {
    fetch_optional!(
        tx,
        MandateRow,
        "
        select id, structure, aidant, usager, state, state_since, begun_at, draft, number, presented_at, presented_sha256,
               signature_method, evidence_sha256, activated_at, ends_at, provisional_until, countersigned_by
        from mandate where id = $1",
        id
    )
}

/// The mandate between a person and a structure that counts now, of those that became active: the one in force; else one that is held or
/// waits for its print; else the last that was. A newer one that gives nothing yet hides none that does.
pub(crate) async fn find_current(
    tx: &mut Tx,
    usager: UsagerId,
    structure: StructureId,
    now: Timestamp,
) -> Result<Option<MandateRow>, Failure> {
    fetch_optional!(
        tx,
        MandateRow,
        "
        select id, structure, aidant, usager, state, state_since, begun_at, draft, number, presented_at, presented_sha256,
               signature_method, evidence_sha256, activated_at, ends_at, provisional_until, countersigned_by
        from mandate where usager = $1 and structure = $2 and activated_at is not null
        order by case when state = 'active' and provisional_until is null and ends_at > $3 then 2
                      when state in ('active', 'suspended') and ends_at > $3 then 1 else 0 end desc, activated_at desc, id desc
        limit 1",
        usager,
        structure,
        now
    )
}

/// Every mandate between a person and a structure that became active, the newest first.
pub(crate) async fn find_all_with(tx: &mut Tx, usager: UsagerId, structure: StructureId) -> Result<Vec<MandateRow>, Failure> {
    let mut all = find_of_usager(tx, usager).await?;
    all.retain(|row| row.structure == structure);
    Ok(all)
}

/// Every mandate of a person that became active, the newest first.
pub(crate) async fn find_of_usager(tx: &mut Tx, usager: UsagerId) -> Result<Vec<MandateRow>, Failure> {
    fetch_all!(
        tx,
        MandateRow,
        "
        select id, structure, aidant, usager, state, state_since, begun_at, draft, number, presented_at, presented_sha256,
               signature_method, evidence_sha256, activated_at, ends_at, provisional_until, countersigned_by
        from mandate where usager = $1 and activated_at is not null order by activated_at desc",
        usager
    )
}

/// The mandates of a structure in preparation, the latest first. None lives for more than a day.
pub(crate) async fn find_unfinished(tx: &mut Tx, structure: StructureId) -> Result<Vec<MandateRow>, Failure> {
    fetch_all!(
        tx,
        MandateRow,
        "
        select id, structure, aidant, usager, state, state_since, begun_at, draft, number, presented_at, presented_sha256,
               signature_method, evidence_sha256, activated_at, ends_at, provisional_until, countersigned_by
        from mandate where structure = $1 and usager is null and state in ('draft', 'presented', 'signed')
        order by begun_at desc, id desc limit 200",
        structure
    )
}

/// The people of a structure with the mandate of each that counts now, as [`find_current`] says it, and its end, the latest first.
pub(crate) async fn find_people(
    tx: &mut Tx,
    structure: StructureId,
    now: Timestamp,
) -> Result<Vec<(MandateId, UsagerId, Option<Timestamp>)>, Failure> {
    fetch_all!(
        tx,
        (MandateId, UsagerId, Option<Timestamp>),
        "
        select m.id, m.usager, m.ends_at from mandate m
        where m.structure = $1 and m.activated_at is not null and m.state not in ('archived', 'purged')
          and not exists (
            select 1 from mandate o
            where o.usager = m.usager and o.structure = m.structure and o.id <> m.id and o.activated_at is not null
              and (case when o.state = 'active' and o.provisional_until is null and o.ends_at > $2 then 2
                        when o.state in ('active', 'suspended') and o.ends_at > $2 then 1 else 0 end, o.activated_at, o.id)
                > (case when m.state = 'active' and m.provisional_until is null and m.ends_at > $2 then 2
                        when m.state in ('active', 'suspended') and m.ends_at > $2 then 1 else 0 end, m.activated_at, m.id))
        order by m.begun_at desc, m.id desc",
        structure,
        now
    )
}

/// These mandates, a JSON array, in no order.
pub(crate) async fn find_these(tx: &mut Tx, ids: &str) -> Result<Vec<MandateRow>, Failure> {
    fetch_all!(
        tx,
        MandateRow,
        [
            "select m.id, m.structure, m.aidant, m.usager, m.state, m.state_since, m.begun_at, m.draft, m.number, m.presented_at,
                m.presented_sha256, m.signature_method, m.evidence_sha256, m.activated_at, m.ends_at, m.provisional_until, m.countersigned_by
         from json_each($1) wanted join mandate m on m.id = unhex(replace(wanted.value, '-', ''))",
            "select m.id, m.structure, m.aidant, m.usager, m.state, m.state_since, m.begun_at, m.draft, m.number, m.presented_at,
                m.presented_sha256, m.signature_method, m.evidence_sha256, m.activated_at, m.ends_at, m.provisional_until, m.countersigned_by
         from jsonb_array_elements_text($1::jsonb) wanted (value) join mandate m on m.id = wanted.value::uuid"
        ],
        ids
    )
}

/// Moves a mandate from one state to another; false when it was not there any more: someone was faster.
pub(crate) async fn move_to(tx: &mut Tx, id: MandateId, from: &str, to: &str, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(tx, "update mandate set state = $3, state_since = $4 where id = $1 and state = $2", id, from, to, now)? == 1)
}

/// Holds a mandate until the end of the transaction: what would change it waits.
pub(crate) async fn hold(tx: &mut Tx, id: MandateId) -> Result<(), Failure> {
    execute!(tx, "update mandate set state = state where id = $1", id)?;
    Ok(())
}

pub(crate) async fn save_draft(tx: &mut Tx, id: MandateId, draft: &[u8]) -> Result<bool, Failure> {
    Ok(execute!(tx, "update mandate set draft = $2 where id = $1 and state = 'draft'", id, draft)? == 1)
}

/// False when another mandate in preparation holds the address.
pub(crate) async fn hold_address(tx: &mut Tx, id: MandateId, address: &str) -> Result<bool, Failure> {
    Ok(execute!(tx, "
        update mandate set held_address = $2 where id = $1 and not exists (select 1 from mandate o where o.held_address = $2 and o.id <> $1)",
        id, address)? == 1)
}

pub(crate) async fn is_held(tx: &mut Tx, address: &str, by_another_than: MandateId) -> Result<bool, Failure> {
    Ok(fetch_optional!(tx, (MandateId,), "select id from mandate where held_address = $1 and id <> $2", address, by_another_than)?
        .is_some())
}

pub(crate) async fn mark_presented(
    tx: &mut Tx,
    id: MandateId,
    number: &str,
    sha256: &[u8],
    ends_at: Timestamp,
    now: Timestamp,
) -> Result<(), Failure> {
    execute!(
        tx,
        "update mandate set number = $2, presented_sha256 = $3, ends_at = $4, presented_at = $5 where id = $1",
        id,
        number,
        sha256,
        ends_at,
        now
    )?;
    Ok(())
}

pub(crate) async fn mark_signed(tx: &mut Tx, id: MandateId, method: &str, evidence_sha256: &[u8], now: Timestamp) -> Result<(), Failure> {
    execute!(
        tx,
        "update mandate set signed_at = $2, signature_method = $3, evidence_sha256 = $4 where id = $1",
        id,
        now,
        method,
        evidence_sha256
    )?;
    Ok(())
}

pub(crate) struct Activation<'a> {
    pub id: MandateId,
    pub usager: UsagerId,
    pub countersigned_by: StaffId,
    pub provisional_until: Option<Timestamp>,
    pub document_sha256: &'a [u8],
    pub now: Timestamp,
}

/// The draft goes: what it said lies in the account and in the sealed papers.
pub(crate) async fn mark_active(tx: &mut Tx, activation: Activation<'_>) -> Result<(), Failure> {
    execute!(
        tx,
        "
        update mandate set usager = $2, countersigned_by = $3, provisional_until = $4, document_sha256 = $5, activated_at = $6,
               draft = null, held_address = null where id = $1",
        activation.id,
        activation.usager,
        activation.countersigned_by,
        activation.provisional_until,
        activation.document_sha256,
        activation.now
    )?;
    Ok(())
}

/// Forgets what was written of a person who did not sign.
pub(crate) async fn wipe(tx: &mut Tx, id: MandateId) -> Result<(), Failure> {
    execute!(
        tx,
        "update mandate set draft = null, held_address = null, presented_sha256 = null, evidence_sha256 = null where id = $1",
        id
    )?;
    execute!(tx, "delete from mandate_paper where mandate = $1", id)?;
    Ok(())
}

pub(crate) async fn grant(tx: &mut Tx, id: MandateId, power: &str) -> Result<(), Failure> {
    execute!(tx, "insert into mandate_power (mandate, power) values ($1, $2) on conflict (mandate, power) do nothing", id, power)?;
    Ok(())
}

/// Whether a power was granted, and when it was taken back.
pub(crate) async fn find_grant(tx: &mut Tx, id: MandateId, power: &str) -> Result<Option<(Option<Timestamp>,)>, Failure> {
    fetch_optional!(tx, (Option<Timestamp>,), "select revoked_at from mandate_power where mandate = $1 and power = $2", id, power)
}

/// False when it was never granted, or taken back before.
pub(crate) async fn revoke(tx: &mut Tx, id: MandateId, power: &str, now: Timestamp) -> Result<bool, Failure> {
    Ok(execute!(tx, "update mandate_power set revoked_at = $3 where mandate = $1 and power = $2 and revoked_at is null", id, power, now)?
        == 1)
}

/// Every power granted, and when it was taken back.
pub(crate) async fn grants(tx: &mut Tx, id: MandateId) -> Result<Vec<(String, Option<Timestamp>)>, Failure> {
    fetch_all!(tx, (String, Option<Timestamp>), "select power, revoked_at from mandate_power where mandate = $1 order by power", id)
}

pub(crate) async fn put_paper(tx: &mut Tx, id: MandateId, kind: &str, sealed: &[u8], now: Timestamp) -> Result<(), Failure> {
    execute!(
        tx,
        "
        insert into mandate_paper (mandate, kind, sealed, made_at) values ($1, $2, $3, $4)
        on conflict (mandate, kind) do update set sealed = $3, made_at = $4",
        id,
        kind,
        sealed,
        now
    )?;
    Ok(())
}

pub(crate) async fn drop_paper(tx: &mut Tx, id: MandateId, kind: &str) -> Result<(), Failure> {
    execute!(tx, "delete from mandate_paper where mandate = $1 and kind = $2", id, kind)?;
    Ok(())
}

pub(crate) async fn find_paper(tx: &mut Tx, id: MandateId, kind: &str) -> Result<Option<Vec<u8>>, Failure> {
    Ok(fetch_optional!(tx, (Vec<u8>,), "select sealed from mandate_paper where mandate = $1 and kind = $2", id, kind)?
        .map(|(sealed,)| sealed))
}

pub(crate) async fn note_lent(tx: &mut Tx, hand_over: HandOverId, mandate: MandateId, power: &str, act: Uuid) -> Result<(), Failure> {
    execute!(tx, "insert into lent_under (hand_over, mandate, power, act) values ($1, $2, $3, $4)", hand_over, mandate, power, act)?;
    Ok(())
}

pub(crate) async fn find_lent(tx: &mut Tx, hand_over: HandOverId) -> Result<Option<(MandateId, String, Uuid)>, Failure> {
    fetch_optional!(tx, (MandateId, String, Uuid), "select mandate, power, act from lent_under where hand_over = $1", hand_over)
}

/// The screens ever lent under a mandate, and under which power each.
pub(crate) async fn screens(tx: &mut Tx, mandate: MandateId) -> Result<Vec<(HandOverId, String)>, Failure> {
    fetch_all!(tx, (HandOverId, String), "select hand_over, power from lent_under where mandate = $1 order by hand_over", mandate)
}

/// Unfinished mandates begun before `before`.
pub(crate) async fn find_left(tx: &mut Tx, before: Timestamp) -> Result<Vec<(MandateId,)>, Failure> {
    fetch_all!(
        tx,
        (MandateId,),
        "
        select id from mandate where state in ('draft', 'presented', 'signed') and begun_at <= $1 order by id limit 100",
        before
    )
}

/// Mandates whose last day has passed.
pub(crate) async fn find_over(tx: &mut Tx, now: Timestamp) -> Result<Vec<(MandateId,)>, Failure> {
    fetch_all!(
        tx,
        (MandateId,),
        "
        select id from mandate where state in ('active', 'suspended') and ends_at <= $1 order by id limit 100",
        now
    )
}

/// Provisional mandates whose 72 hours have passed.
pub(crate) async fn find_unconfirmed(tx: &mut Tx, now: Timestamp) -> Result<Vec<(MandateId,)>, Failure> {
    fetch_all!(
        tx,
        (MandateId,),
        "
        select id from mandate where state = 'active' and provisional_until <= $1 order by id limit 100",
        now
    )
}
