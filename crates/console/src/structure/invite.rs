//! `/structure/aidants/inviter`: the référent invites someone into the team, by letter.

use askama::Template;
use axum::extract::State;
use maincourante_kernel::address::BadAddress;
use maincourante_mandates::MemberRole;
use maincourante_mandates::invitations::{self, Invite, Invited};
use maincourante_shell::{Answer, Errors, Icon, Once, Posted, Shell, go, not_found, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use crate::who::Working;
use crate::{App, routes};

#[derive(Template)]
#[template(path = "console/structure/invite.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    structure: String,
    name: String,
    login: String,
    is_referent: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    name: String,
    login: String,
    role: String,
    once: Option<Once>,
}

pub(crate) async fn show(Working { aidant, shell }: Working) -> Answer {
    if aidant.as_referent().is_none() {
        return not_found();
    }
    let structure = aidant.structure().name.clone();
    let Fields { name, login, role, once: _ } = shell.typed_before().unwrap_or_default();
    page(&Page { shell, errors: Errors::none(), structure, name, login, is_referent: role == MemberRole::Referent.as_str() })
}

pub(crate) async fn submit(State(app): State<App>, Working { aidant, shell }: Working, Posted(fields): Posted<Fields>) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let is_referent = fields.role == MemberRole::Referent.as_str();
    let role = if is_referent { MemberRole::Referent } else { MemberRole::Aidant };
    let kernel = &app.mandates.identity.kernel;
    let once = fields.once.map_or_else(|| kernel.chance.uuid(kernel.now()), Once::uuid);
    let invited = Invited { login: fields.login.clone(), name: fields.name.clone(), role };
    let errors = match invitations::invite(&app.mandates, &referent, once, &invited).await? {
        Invite::Sent(letter) => return go(format!("{}?invite={letter}", routes::TEAM)),
        Invite::BadName => Errors::one("name", t!("invite.bad_name")),
        Invite::BadAddress(BadAddress::Empty) => Errors::one("login", t!("invite.no_address")),
        Invite::BadAddress(BadAddress::NoDomain) => Errors::one("login", t!("invite.no_domain")),
        Invite::BadAddress(BadAddress::Malformed) => Errors::one("login", t!("invite.malformed")),
        Invite::Own => Errors::one("login", t!("invite.own")),
        Invite::AlreadyThere => Errors::one("login", t!("invite.already_there")),
        Invite::AlreadyInvited => Errors::one("login", t!("invite.already_invited")),
        Invite::NotForTeams => Errors::one("login", t!("invite.not_for_teams")),
        Invite::TooMany { wait } => Errors::one("login", t!("invite.too_many", wait = maincourante_shell::wait(wait))),
    };
    let structure = aidant.structure().name.clone();
    refused(&Page { shell, errors, structure, name: fields.name, login: fields.login, is_referent })
}
