//! `/structure/aidants`: the team of a structure, for its référent: who is in it, who is invited, who left, and what can be changed.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_identity::StaffStanding;
use maincourante_kernel::calendar::{self, Date};
use maincourante_kernel::{Failure, Timestamp};
use maincourante_mandates::team::{self, Expected, Member, TeamChange, Waiting};
use maincourante_mandates::{MemberRole, SignedInReferent};
use maincourante_shell::{Answer, Icon, Shell, go, not_found, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use crate::App;
use crate::who::Working;

#[derive(Template)]
#[template(path = "console/structure/team.html")]
struct Page {
    shell: Shell,
    structure: String,
    refusal: Option<String>,
    /// Who was just taken out, as long as they are: it can be undone.
    taken_out: Option<Taken>,
    /// Who was just invited, as long as they are.
    invited: Option<String>,
    team: Vec<Row>,
    gone: Vec<Row>,
    expected: Vec<Letter>,
}

struct Row {
    id: String,
    name: String,
    login: String,
    is_referent: bool,
    is_self: bool,
    since: String,
    closed: Option<String>,
    kept: bool,
}

struct Taken {
    id: String,
    name: String,
}

/// Nonsense in it is as nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    retire: String,
    invite: String,
}

struct Letter {
    id: String,
    name: String,
    login: String,
    is_referent: bool,
    state: String,
    /// The letter is on its way, or there.
    is_sent: bool,
    can_be_withdrawn: bool,
    /// How many letters went.
    sends: i64,
}

pub(crate) async fn show(State(app): State<App>, Working { aidant, shell }: Working, Query(asked): Query<Asked>) -> Answer {
    let Some(referent) = aidant.as_referent() else { return not_found() };
    let drawn = draw(&app, &referent, shell, None).await?;
    let row = drawn.gone.iter().find(|row| row.id == asked.retire);
    let taken_out = row.map(|row| Taken { id: row.id.clone(), name: row.name.clone() });
    let invited = drawn.expected.iter().find(|letter| letter.id == asked.invite && letter.is_sent);
    let invited = invited.map(|letter| letter.name.clone());
    page(&Page { taken_out, invited, ..drawn })
}

/// What a change of the team answers: the team again, which says it; or why not.
pub(super) async fn changed(app: &App, referent: &SignedInReferent<'_>, shell: Shell, change: TeamChange, done: &str) -> Answer {
    let why = match change {
        TeamChange::Done | TeamChange::Already => return go(done),
        TeamChange::Unknown => return not_found(),
        TeamChange::LastReferent => t!("team.last"),
        TeamChange::AccessClosed => t!("team.access_closed"),
    };
    not_done(app, referent, shell, why.into_owned()).await
}

/// The team again, and why nothing was changed.
pub(super) async fn not_done(app: &App, referent: &SignedInReferent<'_>, shell: Shell, why: String) -> Answer {
    refused(&draw(app, referent, shell, Some(why)).await?)
}

async fn draw(app: &App, referent: &SignedInReferent<'_>, shell: Shell, refusal: Option<String>) -> Result<Page, Failure> {
    let team = team::team(&app.mandates, referent).await?;
    let (gone, present): (Vec<_>, Vec<_>) = team.members.into_iter().partition(|member| member.left_at.is_some());
    let now = app.now();
    Ok(Page {
        shell,
        structure: referent.aidant().structure().name.clone(),
        refusal,
        taken_out: None,
        invited: None,
        team: present.into_iter().map(row).collect(),
        gone: gone.into_iter().map(row).collect(),
        expected: team.expected.into_iter().map(|expected| letter(expected, now)).collect(),
    })
}

fn row(member: Member) -> Row {
    let said = |key: &str, at: Timestamp| t!(key, date = Date::at(at).with_year()).into_owned();
    let since = member.left_at.map_or_else(|| said("team.since", member.since), |left| said("team.left", left));
    let closed = match member.standing {
        StaffStanding::Open => None,
        StaffStanding::Closed => Some(t!("team.closed").into_owned()),
        StaffStanding::Reset => Some(t!("team.reset").into_owned()),
    };
    Row {
        id: member.staff.to_string(),
        name: member.name,
        login: member.login,
        is_referent: member.role == MemberRole::Referent,
        is_self: member.is_self,
        since,
        closed,
        kept: member.is_last_referent,
    }
}

fn letter(expected: Expected, now: Timestamp) -> Letter {
    let state = match expected.waiting {
        Waiting::Sent => {
            let sent = calendar::moment(expected.invited_at, now);
            t!("team.sent", moment = sent, date = Date::at(expected.ends_at).with_year())
        }
        Waiting::NotDelivered => t!("team.not_delivered"),
        Waiting::Expired => t!("team.expired", date = Date::at(expected.ends_at).with_year()),
        Waiting::Withdrawn => t!("team.withdrawn"),
    };
    Letter {
        id: expected.id.to_string(),
        name: expected.name,
        login: expected.login,
        is_referent: expected.role == MemberRole::Referent,
        state: state.into_owned(),
        sends: expected.sends,
        is_sent: expected.waiting == Waiting::Sent,
        can_be_withdrawn: matches!(expected.waiting, Waiting::Sent | Waiting::NotDelivered),
    }
}
