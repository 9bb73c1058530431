//! The invited, with the link of their letter: what it is worth, a password, an authenticator, and the team.
//!
//! Someone who signs in already only accepts: no second password. A link that serves no more says why.

use maincourante_identity::{self as identity, Enrolled, Enrolment, Opened, StaffId, StaffStanding, TotpSecret, WeakPassword, judge};
use maincourante_journal::{Channel, Event, Payload};
use maincourante_kernel::clock::{Span, minutes};
use maincourante_kernel::{Failure, Kernel, Secret, Timestamp, Tx};

use crate::invitations::{self, Who, good_name, host, token_index};
use crate::store::invitations::{self as store, InvitationRow};
use crate::store::teams;
use crate::structures::{self, Structure};
use crate::{Mandates, MemberRole, acting, entries};

const TOTP: &str = "invitation.totp";
/// A second press of a button comes within this.
const TWICE: Span = minutes(1);

/// What an invitation says to the invited.
#[derive(Clone)]
pub struct Told {
    /// With which address they will sign in.
    pub login: String,
    /// Their name, as who invited wrote it, or as they corrected it.
    pub name: String,
    /// Into which structure; none when codes are set up again.
    pub structure: Option<String>,
    /// As what.
    pub role: MemberRole,
    /// Who invited them; none when the service did.
    pub by: Option<String>,
    /// Until when the link lives.
    pub ends_at: Timestamp,
}

/// Why a link serves no more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shut {
    /// No letter of ours has this link, or another letter replaced it.
    Unknown,
    /// Its seven days have passed.
    Expired,
    /// It was used.
    Used,
    /// The invitation was withdrawn.
    Withdrawn,
    /// The structure is suspended or closed.
    StructureClosed,
    /// The access of the invited is closed.
    AccessClosed,
}

/// What a link is worth.
pub enum Look {
    /// They choose a password and set up an authenticator.
    Enrol(Told),
    /// They do so again.
    EnrolAgain(Told),
    /// They sign in already: they only accept.
    Accept(Told),
    /// Nothing.
    Shut(Shut),
}

struct Open {
    row: InvitationRow,
    who: Who,
    structure: Option<Structure>,
    /// Who signs in with this address already, and can.
    known: Option<StaffId>,
}

impl Open {
    fn is_reset(&self) -> bool {
        self.structure.is_none()
    }

    fn role(&self) -> Result<MemberRole, Failure> {
        self.row.role.as_deref().map_or(Ok(MemberRole::Aidant), MemberRole::parse)
    }
}

async fn find(tx: &mut Tx, context: &Mandates, token: &Secret<String>) -> Result<Result<Open, Shut>, Failure> {
    let kernel = &context.identity.kernel;
    let Some(row) = store::find_by_token(tx, &token_index(kernel, token)).await? else { return Ok(Err(Shut::Unknown)) };
    if row.accepted_at.is_some() {
        return Ok(Err(Shut::Used));
    }
    if row.withdrawn_at.is_some() {
        return Ok(Err(Shut::Withdrawn));
    }
    if row.ends_at <= kernel.now() {
        return Ok(Err(Shut::Expired));
    }
    let structure = match row.structure {
        None => None,
        Some(id) => match structures::find_open(tx, id).await? {
            Some(structure) => Some(structure),
            None => return Ok(Err(Shut::StructureClosed)),
        },
    };
    let who = invitations::unseal(kernel, &row)?;
    let known = identity::find_staff(tx, &who.login).await?.map(|(staff, _)| staff);
    let standing = match known {
        Some(staff) => identity::staff_standing(tx, staff).await?,
        None => None,
    };
    Ok(match (standing, &structure) {
        (Some(StaffStanding::Closed), _) => Err(Shut::AccessClosed),
        (Some(StaffStanding::Open), None) => Err(Shut::Used),
        (Some(StaffStanding::Reset | StaffStanding::Open) | None, _) => Ok(Open { row, who, structure, known }),
    })
}

/// What the link is worth now.
pub async fn look(context: &Mandates, token: &Secret<String>) -> Result<Look, Failure> {
    let mut tx = context.identity.kernel.db.read().await?;
    let open = match find(&mut tx, context, token).await? {
        Ok(open) => open,
        Err(shut) => return Ok(Look::Shut(shut)),
    };
    let told = Told {
        login: open.who.login.clone(),
        name: open.who.name.clone(),
        structure: open.structure.as_ref().map(|structure| structure.name.clone()),
        role: open.role()?,
        by: host(&mut tx, open.row.invited_by).await?,
        ends_at: open.row.ends_at,
    };
    Ok(match (open.is_reset(), open.known) {
        (true, _) => Look::EnrolAgain(told),
        (false, Some(_)) => Look::Accept(told),
        (false, None) => Look::Enrol(told),
    })
}

/// What choosing a password gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Choose {
    /// It is kept until the first right code.
    Chosen,
    /// The name is missing, or is too long.
    BadName,
    /// Too weak.
    Weak(WeakPassword),
    /// The link serves no more, or asks for no password.
    Shut,
}

/// The invited chooses a password; the secret of their authenticator is drawn, once.
pub async fn choose(context: &Mandates, token: &Secret<String>, name: &str, password: &Secret<String>) -> Result<Choose, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let open = find(&mut tx, context, token).await?;
    drop(tx);
    let Ok(open) = open else { return Ok(Choose::Shut) };
    if open.known.is_some() && !open.is_reset() {
        return Ok(Choose::Shut);
    }
    let name = if open.is_reset() { Some(open.who.name.clone()) } else { good_name(name) };
    let Some(name) = name else { return Ok(Choose::BadName) };
    if let Err(weak) = judge(password, &[&name, &open.who.login]) {
        return Ok(Choose::Weak(weak));
    }
    let phc = context.identity.hasher.hash(password, &kernel.chance).await?;
    let id = open.row.id;
    let totp = TotpSecret::new(&kernel.chance).seal(kernel, TOTP, id.uuid());
    let who = invitations::seal(kernel, id, &Who { login: open.who.login, name })?;
    let mut tx = kernel.db.write().await?;
    let kept = store::keep_choice(&mut tx, id, &who, &phc, &totp).await?;
    tx.commit().await?;
    Ok(if kept { Choose::Chosen } else { Choose::Shut })
}

/// What an authenticator needs, shown on one page.
pub struct Device {
    /// The secret in letters, base 32.
    pub secret: Secret<String>,
    /// The same for a camera.
    pub uri: Secret<String>,
}

/// The secret to put into an authenticator; none when a password is to be chosen first, or the link serves no more.
pub async fn device(context: &Mandates, token: &Secret<String>) -> Result<Option<Device>, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.read().await?;
    let Ok(open) = find(&mut tx, context, token).await? else { return Ok(None) };
    let (Some(_), Some(sealed)) = (&open.row.password, &open.row.totp) else { return Ok(None) };
    let totp = TotpSecret::unseal(kernel, TOTP, open.row.id.uuid(), sealed)?;
    let uri = totp.uri(&context.identity.service.name, &open.who.login);
    Ok(Some(Device { secret: Secret::new(totp.base32()), uri }))
}

/// What the first code gave.
pub enum Join {
    /// They are enrolled and signed in; their recovery sheet can be printed.
    Joined(Opened),
    /// The code is not one of now.
    WrongCode,
    /// The link serves no more; [`look`] says why.
    Shut,
}

/// The invited proves their authenticator: they are enrolled, in the team, signed in.
pub async fn join(context: &Mandates, token: &Secret<String>, code: &Secret<String>) -> Result<Join, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    store::hold_by_token(&mut tx, &token_index(kernel, token)).await?;
    let Ok(open) = find(&mut tx, context, token).await? else { return Ok(Join::Shut) };
    let (Some(phc), Some(sealed)) = (&open.row.password, &open.row.totp) else { return Ok(Join::Shut) };
    let totp = TotpSecret::unseal(kernel, TOTP, open.row.id.uuid(), sealed)?;
    let enrolment = Enrolment { phc, totp: &totp, code };
    let name = open.who.name.as_str();
    let (staff, enrolled) = match (open.is_reset(), open.row.staff) {
        (true, Some(staff)) => (staff, identity::enrol_again(&mut tx, kernel, staff, &enrolment).await?),
        (true, None) => return Err(Failure::new("a reset of nobody")),
        (false, _) => {
            let staff = StaffId::from(open.row.id.uuid());
            (staff, identity::enrol(&mut tx, kernel, staff, (&open.who.login, name), &enrolment).await?)
        }
    };
    let opened = match enrolled {
        Enrolled::Open(opened) => opened,
        Enrolled::WrongCode => return Ok(Join::WrongCode),
        Enrolled::Taken => return Ok(Join::Shut),
    };
    if !store::accept(&mut tx, open.row.id, staff, kernel.now()).await? {
        return Ok(Join::Shut);
    }
    if let Some(structure) = &open.structure {
        structures::add_member(&mut tx, context, structure.id, staff, open.role()?, Channel::Web).await?;
    }
    for event in [Event::AuthTotpEnrolled, Event::AuthRecoverySheetPrinted] {
        entries::by_staff(&mut tx, kernel, event, (staff, name), Payload::new()).await?;
    }
    acting::begin(&mut tx, context, staff, opened.session).await?;
    tx.commit().await?;
    Ok(Join::Joined(opened))
}

/// What accepting gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Accept {
    /// They are of the team.
    Done {
        /// Of this structure.
        structure: String,
    },
    /// The link serves no more; [`look`] says why.
    Shut,
}

/// A button that is pressed twice says twice what was done once.
async fn just_accepted(tx: &mut Tx, kernel: &Kernel, token: &Secret<String>) -> Result<Accept, Failure> {
    let row = store::find_by_token(tx, &token_index(kernel, token)).await?;
    let recent = row.filter(|row| row.accepted_at.is_some_and(|at| kernel.now().since(at) < TWICE));
    let Some(structure) = recent.and_then(|row| row.structure) else { return Ok(Accept::Shut) };
    let structure = structures::find_open(tx, structure).await?;
    Ok(structure.map_or(Accept::Shut, |structure| Accept::Done { structure: structure.name }))
}

/// Someone who signs in already joins another team.
pub async fn accept(context: &Mandates, token: &Secret<String>) -> Result<Accept, Failure> {
    let kernel = &context.identity.kernel;
    let mut tx = kernel.db.write().await?;
    let open = match find(&mut tx, context, token).await? {
        Ok(open) => open,
        Err(Shut::Used) => return just_accepted(&mut tx, kernel, token).await,
        Err(_) => return Ok(Accept::Shut),
    };
    let (Some(structure), Some(staff)) = (&open.structure, open.known) else { return Ok(Accept::Shut) };
    if !store::accept(&mut tx, open.row.id, staff, kernel.now()).await? {
        return just_accepted(&mut tx, kernel, token).await;
    }
    // Who came into the team otherwise meanwhile stays what they are there.
    if teams::find_member(&mut tx, structure.id, staff).await?.is_none_or(|member| member.ended_at.is_some()) {
        structures::add_member(&mut tx, context, structure.id, staff, open.role()?, Channel::Web).await?;
    }
    tx.commit().await?;
    Ok(Accept::Done { structure: structure.name.clone() })
}
