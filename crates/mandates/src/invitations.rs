//! Inviting someone into a team, by letter: the operator invites a référent, a référent invites their team; and the letter by
//! which someone whose codes were reset sets them up again.
//!
//! The letter carries a link of one use that lives seven days. Its token is computed under the vault's key and only its keyed
//! hash is kept, so that the job that sends the letter can make it and the base alone cannot. What the invited does with it is
//! in [`joining`](crate::joining). A mailbox is not ours to reach: the job hands the letter to whoever carries letters.

use data_encoding::BASE64URL_NOPAD;
use maincourante_identity::{self as identity, StaffId, StaffKind};
use maincourante_journal::Event;
use maincourante_kernel::address::{BadAddress, MailAddress};
use maincourante_kernel::calendar::Date;
use maincourante_kernel::clock::{Span, days};
use maincourante_kernel::limits::{self, Limit, Take};
use maincourante_kernel::{Failure, Kernel, Secret, Tx, id, jobs};
use rust_i18n::t;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::store::invitations::{self as store, InvitationRow, NewInvitation};
use crate::store::teams;
use crate::structures::{self, Structure};
use crate::{Mandates, MemberRole, SignedInAidant, SignedInReferent, entries};

id!(
    /// An invitation. Whoever enrols by it keeps this identity, so that the journal says one name.
    InvitationId
);

/// The job that sends the letter of an invitation.
pub const LETTER: &str = "mandates.invitation_letter";

/// How long a link lives.
pub(crate) const LIFE: Span = days(7);
/// More than any team invites in a day, less than is worth a stolen session.
const PER_STRUCTURE: Limit = Limit { bucket: "invitation.structure", most: 40, per: days(1) };
const LONGEST_NAME: usize = 80;
const COLUMN: &str = "invitation.who";

/// What the job [`LETTER`] carries.
#[derive(Serialize, Deserialize)]
pub struct SendLetter {
    /// Which invitation.
    pub invitation: InvitationId,
    /// Which of its letters.
    pub number: i64,
}

/// Who is invited, as it is sealed.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Who {
    pub login: String,
    pub name: String,
}

/// Someone to invite.
pub struct Invited {
    /// Their professional mail address.
    pub login: String,
    /// Their name.
    pub name: String,
    /// What they will be.
    pub role: MemberRole,
}

/// What inviting gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Invite {
    /// The letter is on its way.
    Sent(InvitationId),
    /// It is not a mail address.
    BadAddress(BadAddress),
    /// The name is missing, or is too long.
    BadName,
    /// It is the address of who invites.
    Own,
    /// They are of the team already.
    AlreadyThere,
    /// They are invited already, and have not answered.
    AlreadyInvited,
    /// Someone signs in with this address who cannot be of a team: whoever runs the service.
    NotForTeams,
    /// Too many letters in a day.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
}

/// The référent invites someone; `once` is the mark of the form: posted twice, it invites one person.
pub async fn invite(context: &Mandates, referent: &SignedInReferent<'_>, once: Uuid, invited: &Invited) -> Result<Invite, Failure> {
    let aidant = referent.aidant();
    send(context, aidant.structure(), Some(aidant), InvitationId::from(once), invited).await
}

/// The operator invites someone, by command.
pub async fn invite_by_operator(context: &Mandates, structure: &Structure, invited: &Invited) -> Result<Invite, Failure> {
    let kernel = &context.identity.kernel;
    send(context, structure, None, InvitationId::new(&kernel.chance, kernel.now()), invited).await
}

async fn send(
    context: &Mandates,
    structure: &Structure,
    by: Option<&SignedInAidant>,
    id: InvitationId,
    invited: &Invited,
) -> Result<Invite, Failure> {
    let kernel = &context.identity.kernel;
    let now = kernel.now();
    let login = match invited.login.parse::<MailAddress>() {
        Ok(login) => login.folded(),
        Err(bad) => return Ok(Invite::BadAddress(bad)),
    };
    let Some(name) = good_name(&invited.name) else { return Ok(Invite::BadName) };
    let login_index = login_index(kernel, login.as_str());
    let mut tx = kernel.db.write().await?;
    if is_ours(&mut tx, id, structure).await? {
        return Ok(Invite::Sent(id));
    }
    match refused(&mut tx, context, structure, by, login.as_str(), &login_index).await? {
        // The same form, at the same instant.
        Some(Invite::AlreadyInvited) if is_ours(&mut tx, id, structure).await? => return Ok(Invite::Sent(id)),
        Some(refused) => return Ok(refused),
        None => {}
    }
    if let Take::Refused { wait } = limits::take(&mut tx, PER_STRUCTURE, &structure.id.to_string(), &kernel.vault, now).await? {
        return Ok(Invite::TooMany { wait });
    }
    let who = Who { login: login.to_string(), name };
    let new = NewInvitation {
        id,
        structure: Some(structure.id),
        role: Some(invited.role.as_str()),
        staff: None,
        login_index: &login_index,
        who: &seal(kernel, id, &who)?,
        invited_by: by.map(SignedInAidant::id),
        invited_at: now,
        token_index: &token_index(kernel, &token(kernel, id, 1)),
        ends_at: now.plus(LIFE),
    };
    if !store::insert(&mut tx, &new).await? {
        let ours = is_ours(&mut tx, id, structure).await?;
        return if ours { Ok(Invite::Sent(id)) } else { Err(Failure::new("an invitation has the mark of another structure's")) };
    }
    entries::invited(&mut tx, kernel, (structure.id, &structure.name), by, (id.uuid(), &who.name)).await?;
    jobs::enqueue(&mut tx, LETTER, &SendLetter { invitation: id, number: 1 }, now, &kernel.chance).await?;
    tx.commit().await?;
    Ok(Invite::Sent(id))
}

/// Whether this form has invited someone here already.
async fn is_ours(tx: &mut Tx, id: InvitationId, structure: &Structure) -> Result<bool, Failure> {
    Ok(store::find(tx, id).await?.is_some_and(|row| row.structure == Some(structure.id)))
}

/// Why this person cannot be invited here, when they cannot.
async fn refused(
    tx: &mut Tx,
    context: &Mandates,
    structure: &Structure,
    by: Option<&SignedInAidant>,
    login: &str,
    login_index: &[u8],
) -> Result<Option<Invite>, Failure> {
    if let Some((staff, kind)) = identity::find_staff(tx, login).await? {
        if by.is_some_and(|by| by.id() == staff) {
            return Ok(Some(Invite::Own));
        }
        if kind != StaffKind::Aidant {
            return Ok(Some(Invite::NotForTeams));
        }
        if teams::find_member(tx, structure.id, staff).await?.is_some_and(|member| member.ended_at.is_none()) {
            return Ok(Some(Invite::AlreadyThere));
        }
    }
    let waiting = store::find_waiting(tx, structure.id, login_index, context.identity.kernel.now()).await?;
    Ok(waiting.map(|_| Invite::AlreadyInvited))
}

/// What a référent does with an invitation that was not answered gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Again {
    /// It is done.
    Done,
    /// It was accepted, or was so already.
    Already,
    /// There is no such invitation in this structure.
    Unknown,
    /// Too many letters in a day.
    TooMany {
        /// How long to wait.
        wait: Span,
    },
}

/// Sends the letter again, under a new link, for seven days more; an invitation that was withdrawn is so no longer. `after`: how many
/// letters were seen to have gone; asked twice of the same page, one goes.
pub async fn send_again(context: &Mandates, referent: &SignedInReferent<'_>, id: InvitationId, after: i64) -> Result<Again, Failure> {
    let kernel = &context.identity.kernel;
    let now = kernel.now();
    let aidant = referent.aidant();
    let mut tx = kernel.db.write().await?;
    let Some(row) = of_structure(&mut tx, aidant, id).await? else { return Ok(Again::Unknown) };
    if row.sends != after {
        return Ok(Again::Already);
    }
    let who = unseal(kernel, &row)?;
    if let Some((staff, _)) = identity::find_staff(&mut tx, &who.login).await?
        && teams::find_member(&mut tx, aidant.structure().id, staff).await?.is_some_and(|member| member.ended_at.is_none())
    {
        return Ok(Again::Already);
    }
    if let Take::Refused { wait } = limits::take(&mut tx, PER_STRUCTURE, &aidant.structure().id.to_string(), &kernel.vault, now).await? {
        return Ok(Again::TooMany { wait });
    }
    let number = row.sends + 1;
    let token_index = token_index(kernel, &token(kernel, id, number));
    if !store::send_again(&mut tx, id, number, &token_index, now.plus(LIFE)).await? {
        return Ok(Again::Already);
    }
    let of = aidant.structure();
    entries::invited(&mut tx, kernel, (of.id, &of.name), Some(aidant), (id.uuid(), &who.name)).await?;
    jobs::enqueue(&mut tx, LETTER, &SendLetter { invitation: id, number }, now, &kernel.chance).await?;
    tx.commit().await?;
    Ok(Again::Done)
}

/// Withdraws an invitation: its link is worth nothing any more.
pub async fn withdraw(context: &Mandates, referent: &SignedInReferent<'_>, id: InvitationId) -> Result<Again, Failure> {
    let kernel = &context.identity.kernel;
    let aidant = referent.aidant();
    let mut tx = kernel.db.write().await?;
    let Some(row) = of_structure(&mut tx, aidant, id).await? else { return Ok(Again::Unknown) };
    if !store::withdraw(&mut tx, id, kernel.now()).await? {
        return Ok(Again::Already);
    }
    let who = unseal(kernel, &row)?;
    entries::team_change(&mut tx, kernel, Event::AidantInvitationWithdrawn, aidant, (id.uuid(), &who.name)).await?;
    tx.commit().await?;
    Ok(Again::Done)
}

async fn of_structure(tx: &mut Tx, aidant: &SignedInAidant, id: InvitationId) -> Result<Option<InvitationRow>, Failure> {
    Ok(store::find(tx, id).await?.filter(|row| row.structure == Some(aidant.structure().id)))
}

/// What resetting an access gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reset {
    /// Nothing opens it any more but the letter that is on its way.
    Sent,
    /// Nobody signs in with this address.
    Unknown,
    /// The access is closed.
    Closed,
    /// Only those who help have pages to set their codes up: an operator is created again.
    NotAidant,
}

/// The operator resets someone's codes: sessions, password, authenticator and sheet open nothing any more, and a letter lets
/// them choose others.
pub async fn reset(context: &Mandates, login: &str) -> Result<Reset, Failure> {
    let kernel = &context.identity.kernel;
    let now = kernel.now();
    let mut tx = kernel.db.write().await?;
    let Some((staff, kind)) = identity::find_staff(&mut tx, login).await? else { return Ok(Reset::Unknown) };
    if kind != StaffKind::Aidant {
        return Ok(Reset::NotAidant);
    }
    if identity::staff_standing(&mut tx, staff).await? == Some(identity::StaffStanding::Closed) {
        return Ok(Reset::Closed);
    }
    let name = identity::staff_name(&mut tx, staff).await?.unwrap_or_default();
    let login = identity::staff_login(&mut tx, staff).await?.unwrap_or_default();
    identity::reset_staff(&mut tx, kernel, staff).await?;
    store::withdraw_resets(&mut tx, staff, now).await?;
    let id = InvitationId::new(&kernel.chance, now);
    let new = NewInvitation {
        id,
        structure: None,
        role: None,
        staff: Some(staff),
        login_index: &login_index(kernel, &login),
        who: &seal(kernel, id, &Who { login: login.clone(), name: name.clone() })?,
        invited_by: None,
        invited_at: now,
        token_index: &token_index(kernel, &token(kernel, id, 1)),
        ends_at: now.plus(LIFE),
    };
    store::insert(&mut tx, &new).await?;
    entries::totp_reset(&mut tx, kernel, (staff, &name)).await?;
    jobs::enqueue(&mut tx, LETTER, &SendLetter { invitation: id, number: 1 }, now, &kernel.chance).await?;
    tx.commit().await?;
    Ok(Reset::Sent)
}

/// A letter of the service, to be carried by whoever carries letters.
pub struct Letter {
    /// To whom.
    pub to: MailAddress,
    /// About what.
    pub subject: String,
    /// What it says, link included: it goes into no log.
    pub text: Secret<String>,
}

/// The letter of an invitation; none when it is not to be sent any more. `origin` is where the pages are: `https://…`.
pub async fn letter(context: &Mandates, asked: &SendLetter, origin: &str) -> Result<Option<Letter>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let Some(row) = store::find(&mut tx, asked.invitation).await? else { return Ok(None) };
    let waits = row.accepted_at.is_none() && row.withdrawn_at.is_none() && row.ends_at > kernel.now();
    if !waits || row.sends != asked.number || row.left_at.is_some() || row.refused_at.is_some() {
        return Ok(None);
    }
    let structure = match row.structure {
        Some(structure) => structures::find(&mut tx, structure).await?,
        None => None,
    };
    let by = host(&mut tx, row.invited_by).await?;
    drop(tx);
    let who = unseal(kernel, &row)?;
    let service = &context.identity.service;
    let link = format!("{origin}/invitation/lien/{}", token(kernel, row.id, row.sends).reveal());
    let (name, last_day) = (&who.name, Date::at(row.ends_at).with_year());
    let words = |key: &str, of: &str, from: &str| {
        let (service, phone) = (&service.name, &service.help_phone);
        t!(key, name = name, from = from, structure = of, service = service, link = link, date = last_day, phone = phone).into_owned()
    };
    let from = by.unwrap_or_else(|| service.name.clone());
    let (subject, text) = match &structure {
        Some(of) => (words("letter.invitation.subject", &of.name, &from), words("letter.invitation.text", &of.name, &from)),
        None => (words("letter.reset.subject", "", &from), words("letter.reset.text", "", &from)),
    };
    let to = who.login.parse().map_err(|_| Failure::new("a sealed address does not parse"))?;
    Ok(Some(Letter { to, subject, text: Secret::new(text) }))
}

/// What became of the letter of an invitation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Carried {
    /// A mail server has it.
    Left,
    /// It will never be taken: the référent reads so.
    Refused,
}

/// Notes what became of a letter.
pub async fn carried(context: &Mandates, asked: &SendLetter, carried: Carried) -> Result<(), Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    match carried {
        Carried::Left => store::mark_left(&mut tx, asked.invitation, kernel.now()).await?,
        Carried::Refused => store::mark_refused(&mut tx, asked.invitation, kernel.now()).await?,
    }
    tx.commit().await
}

/// The name of who invited.
pub(crate) async fn host(tx: &mut Tx, by: Option<StaffId>) -> Result<Option<String>, Failure> {
    match by {
        Some(staff) => identity::staff_name(tx, staff).await,
        None => Ok(None),
    }
}

pub(crate) fn good_name(typed: &str) -> Option<String> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    (letters >= 2 && name.chars().count() <= LONGEST_NAME && !name.chars().any(|c| c.is_control() || "<>@/\\:".contains(c))).then_some(name)
}

pub(crate) fn seal(kernel: &Kernel, id: InvitationId, who: &Who) -> Result<Vec<u8>, Failure> {
    Ok(kernel.vault.seal(COLUMN, id.uuid().as_bytes(), &serde_json::to_vec(who)?, &kernel.chance))
}

pub(crate) fn unseal(kernel: &Kernel, row: &InvitationRow) -> Result<Who, Failure> {
    Ok(serde_json::from_slice(&kernel.vault.open(COLUMN, row.id.uuid().as_bytes(), &row.who)?)?)
}

fn login_index(kernel: &Kernel, login: &str) -> Vec<u8> {
    kernel.vault.index("invitation.login", login)
}

fn token(kernel: &Kernel, id: InvitationId, number: i64) -> Secret<String> {
    let drawn = kernel.vault.column("invitation.token").mac(&[id.uuid().as_bytes().as_slice(), &number.to_be_bytes()].concat());
    Secret::new(BASE64URL_NOPAD.encode(&drawn))
}

pub(crate) fn token_index(kernel: &Kernel, token: &Secret<String>) -> Vec<u8> {
    kernel.vault.index("invitation.token", token.reveal())
}
