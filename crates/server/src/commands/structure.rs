//! `maincourante structure open | invite-referent | add | remove | suspend | resume`: a structure and those who work there.

use clap::{Subcommand, ValueEnum};
use maincourante_identity::{NewStaff, StaffId, StaffKind, TotpSecret, create_staff, find_staff, judge};
use maincourante_journal::Channel;
use maincourante_kernel::Failure;
use maincourante_mandates::invitations::{self, Invite, Invited};
use maincourante_mandates::structures::{self, Change, NewStructure, Opening, Part};
use maincourante_mandates::team::{self, Attach};
use maincourante_mandates::{MemberRole, StructureId};

use super::{Base, Verdict, line_from_input};
use crate::house::House;

/// Structures.
#[derive(Subcommand)]
pub(crate) enum Structure {
    /// Opens a structure.
    Open {
        #[command(flatten)]
        base: Base,
        /// Its name.
        #[arg(long)]
        name: String,
        /// Its SIRET, checked by its key.
        #[arg(long)]
        siret: String,
        /// Its postal address, on one line.
        #[arg(long)]
        address: String,
        /// Whom people call.
        #[arg(long)]
        phone: String,
        /// When someone answers: "du lundi au vendredi, de 9 h à 17 h".
        #[arg(long)]
        hours: String,
    },
    /// Invites someone, by letter, to answer for a structure.
    InviteReferent {
        #[command(flatten)]
        base: Base,
        /// The SIRET of the structure.
        #[arg(long)]
        siret: String,
        /// Their professional mail address.
        #[arg(long)]
        login: String,
        /// Their name.
        #[arg(long)]
        name: String,
    },
    /// Enrols an aidant or the référent of a structure without any letter; their password is the first line of standard input.
    /// Someone who signs in already keeps their password and codes, and nothing is read.
    Add {
        #[command(flatten)]
        base: Base,
        /// The SIRET of the structure.
        #[arg(long)]
        siret: String,
        /// Their professional mail address.
        #[arg(long)]
        login: String,
        /// Their name.
        #[arg(long)]
        name: String,
        /// What they are there.
        #[arg(long, value_enum, default_value = "aidant")]
        role: Role,
        /// Prints the secret of the authenticator as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Takes someone out of the team of a structure; what they lent ends, and their other structures are not concerned.
    Remove {
        #[command(flatten)]
        base: Base,
        /// The SIRET of the structure.
        #[arg(long)]
        siret: String,
        /// Their professional mail address.
        #[arg(long)]
        login: String,
    },
    /// Suspends a structure: nobody acts for it any more, until it is resumed.
    Suspend {
        #[command(flatten)]
        base: Base,
        /// Its SIRET.
        #[arg(long)]
        siret: String,
    },
    /// Opens a suspended structure again.
    Resume {
        #[command(flatten)]
        base: Base,
        /// Its SIRET.
        #[arg(long)]
        siret: String,
    },
}

/// What someone is in a structure.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Role {
    /// Helps people.
    Aidant,
    /// Helps people and answers for the structure.
    Referent,
}

fn asked_of(part: Part) -> &'static str {
    match part {
        Part::Name => "The name is printed on every mandate: give one, of 120 characters at most, on one line (--name).",
        Part::Address => "The postal address is printed on every mandate: give it on one line, of 120 characters at most (--address).",
        Part::Phone => "The phone is the one that people call when they need help: give its digits (--phone).",
        Part::Hours => "People are told when someone answers: say it on one line, of 120 characters at most (--hours).",
    }
}

impl Structure {
    pub async fn run(self) -> Result<Verdict, Failure> {
        match self {
            Self::Open { base, name, siret, address, phone, hours } => {
                let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
                open(&house, &NewStructure { name, siret, postal_address: address, phone, opening_hours: hours }).await
            }
            Self::Add { base, siret, login, name, role, json } => {
                let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
                let mut tx = house.kernel().db.read().await?;
                let Some(structure) = structures::find_by_siret(&mut tx, &siret).await? else {
                    eprintln!("No structure has this SIRET: open it first (structure open).");
                    return Ok(Verdict::NotWell);
                };
                let known = find_staff(&mut tx, &login).await?;
                drop(tx);
                let role = match role {
                    Role::Aidant => MemberRole::Aidant,
                    Role::Referent => MemberRole::Referent,
                };
                if let Some((staff, kind)) = known {
                    return attach(&house, structure.id, (staff, kind), role).await;
                }
                enrol(&house, StaffKind::Aidant, &login, &name, Some((structure.id, role)), json).await
            }
            Self::InviteReferent { base, siret, login, name } => {
                let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
                invite_referent(&house, &siret, Invited { login, name, role: MemberRole::Referent }).await
            }
            Self::Remove { base, siret, login } => {
                let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
                Ok(say(
                    remove(&house, &siret, &login).await?,
                    "Nobody has this address, or no structure this SIRET.",
                    "They are not of this team.",
                ))
            }
            Self::Suspend { base, siret } => {
                let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
                Ok(say(structures::suspend(&house.mandates, &siret).await?, NO_SIRET, "It is suspended already."))
            }
            Self::Resume { base, siret } => {
                let Some(house) = base.house().await? else { return Ok(Verdict::NotRun) };
                Ok(say(structures::resume(&house.mandates, &siret).await?, NO_SIRET, "It is not suspended."))
            }
        }
    }
}

/// Opens a structure, and says its identity.
async fn open(house: &House, new: &NewStructure) -> Result<Verdict, Failure> {
    Ok(match structures::open(&house.mandates, new).await? {
        Opening::Opened(id) => {
            println!("{id}");
            Verdict::Well
        }
        Opening::AlreadyThere(id) => {
            eprintln!("A structure has this SIRET already.");
            println!("{id}");
            Verdict::NotWell
        }
        Opening::Bad(part) => {
            eprintln!("{}", asked_of(part));
            Verdict::NotWell
        }
        Opening::BadSiret => {
            eprintln!("This is not a SIRET: fourteen digits, the last of which checks the others. Read it again.");
            Verdict::NotWell
        }
    })
}

const NO_SIRET: &str = "No structure has this SIRET.";

/// Says what closing something, or opening it again, gave.
pub(super) fn say(change: Change, unknown: &str, already: &str) -> Verdict {
    match change {
        Change::Done => {
            eprintln!("Done, and written in the journal.");
            Verdict::Well
        }
        Change::Already => {
            eprintln!("{already}");
            Verdict::NotWell
        }
        Change::Unknown => {
            eprintln!("{unknown}");
            Verdict::NotWell
        }
    }
}

async fn invite_referent(house: &House, siret: &str, invited: Invited) -> Result<Verdict, Failure> {
    let mut tx = house.kernel().db.read().await?;
    let structure = structures::find_by_siret(&mut tx, siret).await?;
    drop(tx);
    let Some(structure) = structure else {
        eprintln!("{NO_SIRET}");
        return Ok(Verdict::NotWell);
    };
    let answer = invitations::invite_by_operator(&house.mandates, &structure, &invited).await?;
    eprintln!("{}", invited_in_words(answer));
    Ok(if matches!(answer, Invite::Sent(_)) { Verdict::Well } else { Verdict::NotWell })
}

fn invited_in_words(answer: Invite) -> &'static str {
    match answer {
        Invite::Sent(_) => "Done, and written in the journal. The letter leaves as soon as the service runs; its link lives seven days.",
        Invite::BadAddress(_) => "This is not a mail address: read it again (--login).",
        Invite::BadName => "Give the name of the person, of 80 characters at most (--name).",
        Invite::AlreadyThere => "They are of this team already. To make them référent: structure add --role referent.",
        Invite::AlreadyInvited => "They are invited already, and have not answered yet.",
        Invite::Own | Invite::NotForTeams => "Someone who runs the service signs in with this address: give another one.",
        Invite::TooMany { .. } => "Too many letters left for this structure today: try again tomorrow.",
    }
}

/// Someone who signs in already is given a place in another structure, or another role there.
async fn attach(house: &House, structure: StructureId, who: (StaffId, StaffKind), role: MemberRole) -> Result<Verdict, Failure> {
    let (staff, StaffKind::Aidant) = who else {
        eprintln!("Someone who runs the service signs in with this address: give another one.");
        return Ok(Verdict::NotWell);
    };
    Ok(match team::attach(&house.mandates, structure, staff, role).await? {
        Attach::Done => {
            eprintln!("Done, and written in the journal: they sign in as before.");
            Verdict::Well
        }
        Attach::Already => {
            eprintln!("They are of this team already, as that.");
            Verdict::NotWell
        }
    })
}

async fn remove(house: &House, siret: &str, login: &str) -> Result<Change, Failure> {
    let mut tx = house.kernel().db.write().await?;
    let (structure, staff) = (structures::find_by_siret(&mut tx, siret).await?, find_staff(&mut tx, login).await?);
    let (Some(structure), Some((staff, _))) = (structure, staff) else { return Ok(Change::Unknown) };
    if !structures::remove_member(&mut tx, &house.mandates, structure.id, staff, Channel::Cli).await? {
        return Ok(Change::Already);
    }
    tx.commit().await?;
    Ok(Change::Done)
}

/// Enrols someone, with the password read from standard input, and shows the secret of their authenticator once.
pub(super) async fn enrol(
    house: &House,
    kind: StaffKind,
    login: &str,
    name: &str,
    member: Option<(StructureId, MemberRole)>,
    json: bool,
) -> Result<Verdict, Failure> {
    let password = line_from_input("The password (three words, twelve characters at least)")?;
    if judge(&password, &[name, login]).is_err() {
        eprintln!("This password is too easy to guess: choose three words.");
        return Ok(Verdict::NotWell);
    }
    let kernel = house.kernel();
    let totp = TotpSecret::new(&kernel.chance);
    let new = NewStaff { kind, login: login.to_owned(), name: name.to_owned(), password, totp: totp.clone() };
    if enrol_with(house, &new, member, Channel::Cli).await?.is_none() {
        eprintln!("Someone signs in with this address already.");
        return Ok(Verdict::NotWell);
    }
    if json {
        println!("{}", serde_json::json!({ "login": login, "totp": totp.base32() }));
    } else {
        println!("{}", totp.base32());
        eprintln!("Type this secret into the authenticator of {name}: it is not shown again.");
    }
    Ok(Verdict::Well)
}

/// Enrols someone and gives them a place in a structure, in one transaction; none when the login is taken.
pub(crate) async fn enrol_with(
    house: &House,
    new: &NewStaff,
    member: Option<(StructureId, MemberRole)>,
    channel: Channel,
) -> Result<Option<StaffId>, Failure> {
    let kernel = house.kernel();
    let phc = house.mandates.identity.hasher.hash(&new.password, &kernel.chance).await?;
    let mut tx = kernel.db.write().await?;
    let Some(id) = create_staff(&mut tx, kernel, new, &phc).await? else { return Ok(None) };
    if let Some((structure, role)) = member {
        structures::add_member(&mut tx, &house.mandates, structure, id, role, channel).await?;
    }
    tx.commit().await?;
    Ok(Some(id))
}
