//! For which structure a signed-in staff member acts: one at a time, kept with their session in the base, changed by an act of
//! their own that both structures read in their journal.
//!
//! What belongs to another structure does not exist meanwhile. A structure that is suspended, or whose team they left, is never
//! replaced by another one behind their back: a page says so, and they choose.

use maincourante_identity::{SessionId, SignedInStaff, StaffId};
use maincourante_kernel::{Failure, Tx};

use crate::charter::{self, Charter};
use crate::store::teams::{self as store, PlaceRow};
use crate::{Mandates, MemberRole, SignedInAidant, StructureId, entries, structures};

/// A structure where someone works.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// Which.
    pub structure: StructureId,
    /// Its name.
    pub name: String,
    /// What they are there.
    pub role: MemberRole,
}

/// Why a staff member acts for nobody now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reason {
    /// They are of no team.
    NoTeam,
    /// This structure is suspended.
    Suspended {
        /// Its name.
        structure: String,
    },
    /// They are not of the team of this structure any more.
    Left {
        /// Its name.
        structure: String,
    },
}

/// Someone signed in who acts for no structure.
pub struct Idle {
    /// Who.
    pub staff: SignedInStaff,
    /// Why.
    pub reason: Reason,
    /// The structures they may choose instead.
    pub others: Vec<Place>,
}

/// For whom a signed-in staff member acts.
pub enum Acting {
    /// For a structure.
    For(SignedInAidant),
    /// For none.
    NoStructure(Idle),
    /// For none as long as they have not accepted the charter of today.
    CharterFirst(SignedInStaff),
}

/// The structure that a staff member acts for, in this request.
pub async fn acting(context: &Mandates, staff: SignedInStaff) -> Result<Acting, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let all = store::places(&mut tx, staff.id()).await?;
    let chosen = store::acting_for(&mut tx, staff.session()).await?;
    let wanted = chosen.as_ref().map(|(structure, _)| *structure).or_else(|| oldest(&all));
    let others = open_places(&all)?;
    let Some(place) = others.iter().find(|place| Some(place.structure) == wanted) else {
        let reason = match (all.iter().find(|row| Some(row.structure) == wanted), chosen) {
            (Some(row), _) => Reason::Suspended { structure: row.name.clone() },
            (None, Some((_, structure))) if !others.is_empty() => Reason::Left { structure },
            (None, Some(_) | None) => Reason::NoTeam,
        };
        return Ok(Acting::NoStructure(Idle { staff, reason, others }));
    };
    if charter::standing(&mut tx, staff.id()).await? != Charter::Accepted {
        return Ok(Acting::CharterFirst(staff));
    }
    let structure = structures::find(&mut tx, place.structure).await?.ok_or_else(|| Failure::new("a membership of no structure"))?;
    Ok(Acting::For(SignedInAidant::new(staff, structure, place.role, others.len() > 1)))
}

/// Of a session that chose nothing: it was opened before there was anything to choose.
fn oldest(all: &[PlaceRow]) -> Option<StructureId> {
    all.first().map(|row| row.structure)
}

fn open_places(all: &[PlaceRow]) -> Result<Vec<Place>, Failure> {
    let open = all.iter().filter(|row| row.suspended_at.is_none());
    open.map(|row| Ok(Place { structure: row.structure, name: row.name.clone(), role: MemberRole::parse(&row.role)? })).collect()
}

/// Where a staff member can act, and for which structure they do now.
pub async fn places(context: &Mandates, staff: &SignedInStaff) -> Result<(Vec<Place>, Option<StructureId>), Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let all = store::places(&mut tx, staff.id()).await?;
    let chosen = store::acting_for(&mut tx, staff.session()).await?.map(|(structure, _)| structure);
    let open = open_places(&all)?;
    let current = chosen.or_else(|| oldest(&all)).filter(|id| open.iter().any(|place| place.structure == *id));
    Ok((open, current))
}

/// What choosing a structure gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Switch {
    /// They act for it from now on.
    Done,
    /// They did already.
    Already,
    /// They are not of the team of such a structure.
    Unknown,
}

/// Chooses the structure to act for, in this session. Told in the log of the one they leave and of the one they go to.
pub async fn switch(context: &Mandates, staff: &SignedInStaff, to: StructureId) -> Result<Switch, Failure> {
    let kernel = &context.identity.kernel;
    let (open, from) = places(context, staff).await?;
    let Some(place) = open.into_iter().find(|place| place.structure == to) else { return Ok(Switch::Unknown) };
    let mut tx = kernel.db.write().await?;
    store::hold_choice(&mut tx, staff.session()).await?;
    let chosen = store::acting_for(&mut tx, staff.session()).await?.map(|(structure, _)| structure);
    let from = chosen.or(from);
    if from == Some(to) {
        return Ok(Switch::Already);
    }
    store::act_for(&mut tx, staff.session(), staff.id(), to, kernel.now()).await?;
    entries::structure_switched(&mut tx, kernel, (staff.id(), staff.name()), from, &place).await?;
    tx.commit().await?;
    Ok(Switch::Done)
}

/// The structure that someone who signs in begins to act for: the one they acted for last, while they may; kept with the session.
pub(crate) async fn begin(tx: &mut Tx, context: &Mandates, staff: StaffId, session: SessionId) -> Result<Option<StructureId>, Failure> {
    let open = open_places(&store::places(tx, staff).await?)?;
    let last = store::acted_for(tx, staff).await?;
    let structure = open.iter().find(|place| Some(place.structure) == last).or(open.first()).map(|place| place.structure);
    if let Some(structure) = structure {
        store::act_for(tx, session, staff, structure, context.identity.kernel.now()).await?;
    }
    Ok(structure)
}
