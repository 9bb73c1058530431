//! What those in charge of a structure do: they read its journal again, answer for its team, and write that a mandate is over.

use maincourante_identity::{StaffId, UsagerId};
use maincourante_journal::Event;
use maincourante_kernel::Failure;
use maincourante_kernel::clock::minutes;
use maincourante_mandates::alerts::close::{self, Closing};
use maincourante_mandates::alerts::{self, Rule, Verdict};
use maincourante_mandates::dispute::{self, Turn, Turned};
use maincourante_mandates::ending::{self, End, Ending, Typed};
use maincourante_mandates::invitations::{self, Invite, Invited};
use maincourante_mandates::review::reason::{self, Answering, Asking};
use maincourante_mandates::review::sign::{self, Range, Signing};
use maincourante_mandates::review::{self, Wanted};
use maincourante_mandates::team::{self, TeamChange};
use maincourante_mandates::{MemberRole, SignedInAidant};

use super::aidant::{Aidant, stuck};
use crate::work;

impl Aidant<'_> {
    async fn in_charge(&self) -> Result<SignedInAidant, Failure> {
        let (_, aidant) = self.works().await?;
        self.kernel().clock.advance(minutes(2));
        Ok(aidant)
    }

    /// Reads the journal again and signs it, with or without a remark.
    pub async fn reviews(&self, remark: &str) -> Result<(), Failure> {
        let context = &self.house.mandates;
        let aidant = self.in_charge().await?;
        let referent = aidant.as_referent().ok_or_else(|| stuck("not in charge"))?;
        let reading = review::for_structure(context, &referent, &Wanted::default(), None).await?;
        let newest = reading.records.first().ok_or_else(|| stuck("nothing to review"))?.seq;
        self.kernel().clock.advance(minutes(6));
        let id = self.kernel().chance.uuid(self.kernel().now());
        let range = Range { first: reading.reviewed + 1, last: newest };
        match sign::sign(context, &referent, id, range, remark).await? {
            Signing::Signed(_) => Ok(()),
            Signing::Meanwhile(_) | Signing::Changed | Signing::TooLong(_) => Err(stuck("a review of the demo was not signed")),
        }
    }

    /// Asks an aidant why, about the newest line of this act of theirs.
    pub async fn asks(&self, of: &Aidant<'_>, event: Event) -> Result<(), Failure> {
        let context = &self.house.mandates;
        let wanted = Wanted { aidant: Some(of.id().await?), ..Wanted::default() };
        let aidant = self.in_charge().await?;
        let referent = aidant.as_referent().ok_or_else(|| stuck("not in charge"))?;
        let reading = review::for_structure(context, &referent, &wanted, None).await?;
        let line = reading.records.iter().find(|line| line.event == event && !reading.asked.contains_key(&line.id));
        match reason::ask(context, &referent, line.ok_or_else(|| stuck("no line to ask about"))?.id).await? {
            Asking::Asked => Ok(()),
            Asking::HasLeft(_) | Asking::Oneself | Asking::NoAidant => Err(stuck("a reason of the demo was not asked")),
        }
    }

    /// Answers the oldest question.
    pub async fn answers(&self, words: &str) -> Result<(), Failure> {
        let context = &self.house.mandates;
        let (_, aidant) = self.works().await?;
        let question = reason::questions(context, &aidant).await?.into_iter().next().ok_or_else(|| stuck("nothing is asked"))?;
        self.kernel().clock.advance(minutes(3));
        match reason::answer(context, &aidant, question.id, words).await? {
            Answering::Given => Ok(()),
            _ => Err(stuck("an answer of the demo was not given")),
        }
    }

    /// Closes the oldest open alert of this kind.
    pub async fn closes_alert(&self, rule: Rule, verdict: Verdict, note: &str) -> Result<(), Failure> {
        let context = &self.house.mandates;
        let aidant = self.in_charge().await?;
        let referent = aidant.as_referent().ok_or_else(|| stuck("not in charge"))?;
        let open = alerts::open(context, &referent).await?;
        let alert = open.iter().find(|alert| alert.rule == rule).ok_or_else(|| stuck("no alert of this kind"))?;
        alerts::find(context, &referent, alert.id).await?;
        match close::close(context, &referent, alert.id, verdict, note).await? {
            Closing::Closed => Ok(()),
            _ => Err(stuck("an alert of the demo was not closed")),
        }
    }

    /// Opens the oldest alert of this kind, and closes nothing: whoever reported knows that someone looks.
    pub async fn looks_at_alert(&self, rule: Rule) -> Result<(), Failure> {
        let context = &self.house.mandates;
        let aidant = self.in_charge().await?;
        let referent = aidant.as_referent().ok_or_else(|| stuck("not in charge"))?;
        let open = alerts::open(context, &referent).await?;
        let alert = open.iter().find(|alert| alert.rule == rule).ok_or_else(|| stuck("no alert of this kind"))?;
        alerts::find(context, &referent, alert.id).await.map(|_| ())
    }

    /// Writes that the mandate of a person is over.
    pub async fn ends(&self, usager: UsagerId, end: End, day: String, note: &str) -> Result<(), Failure> {
        let aidant = self.in_charge().await?;
        let referent = aidant.as_referent().ok_or_else(|| stuck("not in charge"))?;
        let typed = Typed { day, note: note.to_owned(), code: self.code()? };
        match ending::end(&self.house.mandates, &referent, usager, end, &typed).await? {
            Ending::Ended => Ok(()),
            _ => Err(stuck("a mandate of the demo did not end")),
        }
    }

    /// Holds a mandate because of a dispute, or lets it go on.
    pub async fn turns(&self, usager: UsagerId, turn: Turn, reason: &str) -> Result<(), Failure> {
        let aidant = self.in_charge().await?;
        let referent = aidant.as_referent().ok_or_else(|| stuck("not in charge"))?;
        match dispute::turn(&self.house.mandates, &referent, usager, turn, reason).await? {
            Turned::Done => Ok(()),
            Turned::Not | Turned::Problem(_) | Turned::Unknown => Err(stuck("a dispute of the demo did not turn")),
        }
    }

    /// Invites someone; the letter leaves.
    pub async fn invites(&self, name: &str, login: &str) -> Result<(), Failure> {
        let aidant = self.in_charge().await?;
        let referent = aidant.as_referent().ok_or_else(|| stuck("not in charge"))?;
        let once = self.kernel().chance.uuid(self.kernel().now());
        let invited = Invited { login: login.to_owned(), name: name.to_owned(), role: MemberRole::Aidant };
        let Invite::Sent(_) = invitations::invite(&self.house.mandates, &referent, once, &invited).await? else {
            return Err(stuck("an invitation of the demo was not sent"));
        };
        work::carry_out_all(self.house).await
    }

    /// Ends someone's place in the team.
    pub async fn removes(&self, staff: StaffId) -> Result<(), Failure> {
        let aidant = self.in_charge().await?;
        let referent = aidant.as_referent().ok_or_else(|| stuck("not in charge"))?;
        match team::remove(&self.house.mandates, &referent, staff).await? {
            TeamChange::Done => Ok(()),
            _ => Err(stuck("someone of the demo was not removed")),
        }
    }

    /// Who they are, in the base.
    pub async fn id(&self) -> Result<StaffId, Failure> {
        let mut tx = self.kernel().db.read().await?;
        let found = maincourante_identity::find_staff(&mut tx, &self.login).await?;
        found.map(|(staff, _)| staff).ok_or_else(|| stuck("nobody has this login"))
    }
}
