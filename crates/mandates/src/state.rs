//! The life of a mandate, decided in one place. What is not written here cannot happen:
//! it is an error, never a silent repair.
//!
//! Law behind the ends: a mandate is revocable at will (French civil code, article 2004), may be renounced
//! (2007), and ends by death or by guardianship of either party (2003).

use std::str::FromStr;

/// Where a mandate stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum State {
    /// Being prepared by the aidant.
    Draft,
    /// Its document was shown to the person.
    Presented,
    /// The person signed.
    Signed,
    /// It gives its powers.
    Active,
    /// Its powers are held: structure or aidant deactivated, dispute, alert, missing signature.
    Suspended,
    /// The person said no.
    Refused,
    /// Left unfinished for a day.
    Abandoned,
    /// Its last day has passed.
    Expired,
    /// A new agreement follows it.
    Renewed,
    /// Another mandate replaces it.
    Superseded,
    /// The person stopped it.
    RevokedByUsager,
    /// The structure gave it up.
    RenouncedByStructure,
    /// The person died.
    EndedDeath,
    /// The person is under guardianship.
    EndedProtection,
    /// The structure closed.
    EndedStructureClosed,
    /// Over, kept as evidence.
    Archived,
    /// Only its trace in the journal remains.
    Purged,
}

/// What may happen to a mandate.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Happening {
    /// Its document is shown.
    Present,
    /// The aidant goes back to change it.
    Rework,
    /// The person signs.
    Sign,
    /// The person says no.
    Refuse,
    /// A day passed without an end.
    Abandon,
    /// The aidant countersigns.
    Activate,
    /// Its powers are held.
    Suspend,
    /// Its powers are given again.
    Resume,
    /// Its last day has passed.
    Expire,
    /// The person signed the one that follows.
    Renew,
    /// The person signed another that replaces it.
    Supersede,
    /// The person stops it.
    RevokeByUsager,
    /// The structure gives it up.
    Renounce,
    /// The death of the person is recorded.
    RecordDeath,
    /// The guardianship of the person is recorded.
    RecordProtection,
    /// The structure closes.
    CloseStructure,
    /// It leaves for the archive.
    Archive,
    /// Six years have passed.
    Purge,
}

/// A happening that a state does not allow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Forbidden {
    /// The state.
    pub from: State,
    /// What was asked of it.
    pub happening: Happening,
}

impl std::fmt::Display for Forbidden {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "a mandate that is {:?} cannot {:?}", self.from, self.happening)
    }
}

impl std::error::Error for Forbidden {}

/// The only way from one state to another.
///
/// # Errors
/// [`Forbidden`] for everything else.
pub fn transition(from: State, happening: Happening) -> Result<State, Forbidden> {
    use Happening as H;
    use State as S;
    let to = match (from, happening) {
        (S::Draft, H::Present) => S::Presented,
        (S::Presented, H::Rework) => S::Draft,
        (S::Presented, H::Sign) => S::Signed,
        (S::Presented, H::Refuse) => S::Refused,
        (S::Draft | S::Presented | S::Signed, H::Abandon) => S::Abandoned,
        (S::Signed, H::Activate) | (S::Suspended, H::Resume) => S::Active,
        (S::Active, H::Suspend) => S::Suspended,
        (S::Active | S::Suspended, H::Expire) => S::Expired,
        (S::Active | S::Suspended, H::Renew) => S::Renewed,
        (S::Active | S::Suspended, H::Supersede) => S::Superseded,
        (S::Active | S::Suspended, H::RevokeByUsager) => S::RevokedByUsager,
        (S::Active | S::Suspended, H::Renounce) => S::RenouncedByStructure,
        (S::Active | S::Suspended, H::RecordDeath) => S::EndedDeath,
        (S::Active | S::Suspended, H::RecordProtection) => S::EndedProtection,
        (S::Active | S::Suspended, H::CloseStructure) => S::EndedStructureClosed,
        (ended, H::Archive) if ended.is_ended() => S::Archived,
        (S::Refused | S::Abandoned | S::Archived, H::Purge) => S::Purged,
        (from, happening) => return Err(Forbidden { from, happening }),
    };
    Ok(to)
}

impl State {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 17] = [
        Self::Draft,
        Self::Presented,
        Self::Signed,
        Self::Active,
        Self::Suspended,
        Self::Refused,
        Self::Abandoned,
        Self::Expired,
        Self::Renewed,
        Self::Superseded,
        Self::RevokedByUsager,
        Self::RenouncedByStructure,
        Self::EndedDeath,
        Self::EndedProtection,
        Self::EndedStructureClosed,
        Self::Archived,
        Self::Purged,
    ];

    /// The word under which a person and an aidant are told how it ended; `over` when there is no more to say than that.
    pub fn end_word(self) -> &'static str {
        match self {
            Self::RenouncedByStructure => "renounced",
            Self::EndedDeath => "ended_death",
            Self::EndedProtection => "ended_protection",
            Self::Renewed | Self::Superseded => "replaced",
            _ => "over",
        }
    }

    /// Its name in the base and in the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Presented => "presented",
            Self::Signed => "signed",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Refused => "refused",
            Self::Abandoned => "abandoned",
            Self::Expired => "expired",
            Self::Renewed => "renewed",
            Self::Superseded => "superseded",
            Self::RevokedByUsager => "revoked_by_usager",
            Self::RenouncedByStructure => "renounced_by_structure",
            Self::EndedDeath => "ended_death",
            Self::EndedProtection => "ended_protection",
            Self::EndedStructureClosed => "ended_structure_closed",
            Self::Archived => "archived",
            Self::Purged => "purged",
        }
    }

    /// Whether it was active once and is over.
    pub fn is_ended(self) -> bool {
        match self {
            Self::Expired
            | Self::Renewed
            | Self::Superseded
            | Self::RevokedByUsager
            | Self::RenouncedByStructure
            | Self::EndedDeath
            | Self::EndedProtection
            | Self::EndedStructureClosed => true,
            Self::Draft
            | Self::Presented
            | Self::Signed
            | Self::Active
            | Self::Suspended
            | Self::Refused
            | Self::Abandoned
            | Self::Archived
            | Self::Purged => false,
        }
    }

    /// Whether it is still being prepared.
    pub fn is_unfinished(self) -> bool {
        matches!(self, Self::Draft | Self::Presented | Self::Signed)
    }
}

impl FromStr for State {
    type Err = maincourante_kernel::Failure;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| maincourante_kernel::Failure::new("a mandate in an unknown state"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HAPPENINGS: [Happening; 18] = [
        Happening::Present,
        Happening::Rework,
        Happening::Sign,
        Happening::Refuse,
        Happening::Abandon,
        Happening::Activate,
        Happening::Suspend,
        Happening::Resume,
        Happening::Expire,
        Happening::Renew,
        Happening::Supersede,
        Happening::RevokeByUsager,
        Happening::Renounce,
        Happening::RecordDeath,
        Happening::RecordProtection,
        Happening::CloseStructure,
        Happening::Archive,
        Happening::Purge,
    ];

    #[test]
    fn there_is_one_way_to_become_active_and_it_goes_through_a_signature() {
        let ways: Vec<_> = State::ALL
            .into_iter()
            .flat_map(|from| HAPPENINGS.map(|happening| (from, happening)))
            .filter(|&(from, happening)| transition(from, happening) == Ok(State::Active))
            .collect();
        assert_eq!(ways, [(State::Signed, Happening::Activate), (State::Suspended, Happening::Resume)]);
        let before: Vec<_> = State::ALL.into_iter().filter(|&from| transition(from, Happening::Sign).is_ok()).collect();
        assert_eq!(before, [State::Presented], "nobody signs what was not shown");
    }

    #[test]
    fn what_is_over_never_lives_again() {
        let living = [State::Draft, State::Presented, State::Signed, State::Active, State::Suspended];
        for from in State::ALL.into_iter().filter(|state| !living.contains(state)) {
            for happening in HAPPENINGS {
                if let Ok(to) = transition(from, happening) {
                    assert!(!living.contains(&to), "{from:?} {happening:?} gives {to:?}");
                }
            }
        }
    }

    #[test]
    fn every_state_can_be_reached_and_read_back() {
        let mut reached = std::collections::HashSet::from([State::Draft]);
        for _ in State::ALL {
            let next: Vec<_> = reached.iter().flat_map(|&from| HAPPENINGS.map(|happening| transition(from, happening))).collect();
            reached.extend(next.into_iter().flatten());
        }
        for state in State::ALL {
            assert!(reached.contains(&state), "{state:?}");
            assert_eq!(state.as_str().parse::<State>().unwrap(), state);
        }
    }
}
