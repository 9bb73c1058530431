//! [`Access`]: this aidant, this power, this person, under this living mandate, now.
//!
//! It is obtained in the transaction of the act that spends it. Every act for a person passes here;
//! a mandate that was stopped a second ago gives nothing any more.

use maincourante_identity::UsagerId;
use maincourante_kernel::{Failure, Timestamp, Tx};
use uuid::Uuid;

use crate::store::mandates::{self as store, MandateRow};
use crate::{MandateId, Mandates, Power, SignedInAidant, State, StructureId};

/// Permission for one aidant to use one power for one person, now.
///
/// Fields are private and there is no `Clone`: an `Access` is spent in the request that obtained it.
///
/// ```compile_fail
/// fn keep(access: &maincourante_mandates::Access) -> maincourante_mandates::Access { access.clone() }
/// ```
/// ```compile_fail
/// // Nor is one made of another.
/// fn make(access: maincourante_mandates::Access) -> maincourante_mandates::Access { maincourante_mandates::Access { ..access } }
/// ```
pub struct Access {
    usager: UsagerId,
    structure: StructureId,
    mandate: MandateId,
    power: Power,
    act: Uuid,
}

impl Access {
    /// For whom.
    pub fn usager(&self) -> UsagerId {
        self.usager
    }

    /// By which structure.
    pub fn structure(&self) -> StructureId {
        self.structure
    }

    /// Under which mandate.
    pub fn mandate(&self) -> MandateId {
        self.mandate
    }

    /// With which power.
    pub fn power(&self) -> Power {
        self.power
    }

    /// The act it is spent on: its journal entries carry this identity.
    pub fn act(&self) -> Uuid {
        self.act
    }
}

/// Why a power cannot be used: each has its sentence.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The person did not grant it.
    NotGranted,
    /// The person took this one back, and left the rest of the mandate.
    Revoked {
        /// When.
        since: Timestamp,
    },
    /// The mandate's last day has passed.
    Expired {
        /// Since when.
        since: Timestamp,
    },
    /// The person stopped the mandate.
    Stopped {
        /// When.
        since: Timestamp,
    },
    /// The mandate is over for another reason.
    Over {
        /// When.
        since: Timestamp,
        /// How it ended.
        how: State,
    },
    /// The mandate is held.
    Suspended {
        /// Since when.
        since: Timestamp,
    },
    /// The signature is not confirmed yet: only the account could be created.
    Provisional {
        /// Until when it may be confirmed.
        until: Timestamp,
    },
}

impl Refusal {
    /// The reason in the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotGranted => "power_not_granted",
            Self::Revoked { .. } => "power_revoked",
            Self::Expired { .. } => "mandate_expired",
            Self::Stopped { .. } => "mandate_revoked",
            Self::Over { .. } => "mandate_ended",
            Self::Suspended { .. } => "mandate_suspended",
            Self::Provisional { .. } => "mandate_provisional",
        }
    }
}

/// What asking for a power gave.
pub enum Decision {
    /// The permission.
    Granted(Access),
    /// This structure has, or had, a mandate of this person: it does not allow it.
    Refused {
        /// Under which mandate it was asked.
        mandate: MandateId,
        /// Why not.
        refusal: Refusal,
    },
    /// This structure never had a mandate of this person: they do not exist for it.
    Unknown,
}

/// Asks for a power of a person, for the structure that the aidant acts for.
pub async fn under_mandate(
    tx: &mut Tx,
    context: &Mandates,
    aidant: &SignedInAidant,
    usager: UsagerId,
    power: Power,
) -> Result<Decision, Failure> {
    let kernel = &context.identity.kernel;
    let structure = aidant.structure().id;
    let Some(found) = store::find_current(tx, usager, structure, kernel.now()).await? else { return Ok(Decision::Unknown) };
    // Whoever stops it waits for the act, or the act sees that it is stopped.
    store::hold(tx, found.id).await?;
    let Some(mandate) = store::find(tx, found.id).await? else { return Ok(Decision::Unknown) };
    match standing(tx, &mandate, power, kernel.now()).await? {
        Some(refusal) => Ok(Decision::Refused { mandate: mandate.id, refusal }),
        None => Ok(Decision::Granted(Access { usager, structure, mandate: mandate.id, power, act: kernel.chance.uuid(kernel.now()) })),
    }
}

/// Why this mandate does not give this power now, if it does not.
pub(crate) async fn standing(tx: &mut Tx, mandate: &MandateRow, power: Power, now: Timestamp) -> Result<Option<Refusal>, Failure> {
    if let Some(refusal) = closed_by_state(mandate, now)? {
        return Ok(Some(refusal));
    }
    Ok(match (store::find_grant(tx, mandate.id, power.as_str()).await?, mandate.provisional_until) {
        (None, _) => Some(Refusal::NotGranted),
        (Some((Some(since),)), _) => Some(Refusal::Revoked { since }),
        (Some((None,)), Some(until)) if until <= now => Some(Refusal::Suspended { since: until }),
        (Some((None,)), Some(until)) if power != Power::CreateAccount => Some(Refusal::Provisional { until }),
        (Some((None,)), _) => None,
    })
}

/// Why a mandate gives nothing at all now, whatever the power, if it does not.
pub(crate) fn closed(mandate: &MandateRow, now: Timestamp) -> Result<Option<Refusal>, Failure> {
    let unconfirmed = mandate.provisional_until.filter(|until| *until <= now).map(|since| Refusal::Suspended { since });
    Ok(closed_by_state(mandate, now)?.or(unconfirmed))
}

fn closed_by_state(mandate: &MandateRow, now: Timestamp) -> Result<Option<Refusal>, Failure> {
    let since = mandate.state_since;
    let state = mandate.state.parse::<State>()?;
    Ok(match state {
        State::Active => match mandate.ends_at {
            // The clock decides before the job that writes it.
            Some(end) if end <= now => Some(Refusal::Expired { since: end }),
            _ => None,
        },
        State::Suspended => Some(Refusal::Suspended { since }),
        State::Expired => Some(Refusal::Expired { since: mandate.ends_at.unwrap_or(since) }),
        State::RevokedByUsager => Some(Refusal::Stopped { since }),
        State::Renewed
        | State::Superseded
        | State::RenouncedByStructure
        | State::EndedDeath
        | State::EndedProtection
        | State::EndedStructureClosed
        | State::Archived
        | State::Purged => Some(Refusal::Over { since, how: state }),
        State::Draft | State::Presented | State::Signed | State::Refused | State::Abandoned => {
            return Err(Failure::new("a mandate that was active is in a state before activity"));
        }
    })
}
