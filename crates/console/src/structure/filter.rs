//! The lines to show: what the form asks, what is understood of it, and what is said of the rest. A filter that cannot be read narrows nothing.

use maincourante_kernel::calendar::Date;
use maincourante_kernel::{Failure, Timestamp};
use maincourante_mandates::review::acts::Acts;
use maincourante_mandates::review::{Member, Wanted, team};
use maincourante_mandates::{SignedInReferent, people};
use maincourante_shell::Errors;
use rust_i18n::t;
use serde::Deserialize;

use crate::{App, words};

/// The fields of the form, and of the addresses of older pages.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(crate) struct Asked {
    pub aidant: String,
    /// A person, by their identity: what addresses of ours say.
    pub qui: String,
    /// A person, by words typed.
    pub personne: String,
    pub acte: String,
    pub du: String,
    pub au: String,
    pub etat: String,
}

/// Someone whom the words may mean: several have the same name.
pub(crate) struct Choice {
    pub name: String,
    pub address: String,
    pub query: String,
}

/// A filter, understood.
#[derive(Default)]
pub(crate) struct Filter {
    pub wanted: Wanted,
    /// What was not understood, beside its field, and what is done about it.
    pub errors: Errors,
    /// Whom the words may mean.
    pub choices: Vec<Choice>,
    /// Those whom one may choose among.
    pub team: Vec<Member>,
    /// The words of the field "personne", as they are shown again.
    pub person: String,
    /// The days, as they are shown again.
    pub days: [String; 2],
    person_name: Option<String>,
}

/// How many persons are proposed when words mean several.
const CHOICES: usize = 10;

impl Filter {
    /// Nothing is asked: every line.
    pub(crate) async fn everything(app: &App, referent: &SignedInReferent<'_>) -> Result<Self, Failure> {
        Ok(Self { team: team(&app.mandates, referent).await?, ..Self::default() })
    }

    /// Reads what was asked. Persons and aidants are looked for in the référent's own structure only.
    pub(crate) async fn read(app: &App, referent: &SignedInReferent<'_>, asked: &Asked) -> Result<Self, Failure> {
        let mut filter = Self::everything(app, referent).await?;
        if !asked.aidant.is_empty() {
            filter.wanted.aidant = filter.team.iter().find(|member| member.id.to_string() == asked.aidant).map(|member| member.id);
            filter.say("aidant", filter.wanted.aidant.is_none(), || t!("log.not_of_team").into_owned());
        }
        if !asked.acte.is_empty() {
            filter.wanted.acts = Acts::named(&asked.acte);
            filter.say("acte", filter.wanted.acts.is_none(), || t!("log.no_such_act").into_owned());
        }
        filter.wanted.unread = asked.etat == "a-relire";
        filter.say("etat", !asked.etat.is_empty() && asked.etat != "a-relire" && asked.etat != "toutes", || {
            t!("log.no_such_state").into_owned()
        });
        filter.read_days(asked);
        filter.read_person(app, referent, asked).await?;
        Ok(filter)
    }

    fn say(&mut self, field: &'static str, is_wrong: bool, sentence: impl FnOnce() -> String) {
        if is_wrong {
            self.errors.add(field, sentence());
        }
    }

    fn read_days(&mut self, asked: &Asked) {
        for (at, (field, typed)) in [("du", &asked.du), ("au", &asked.au)].into_iter().enumerate() {
            let typed: String = typed.trim().chars().take(40).collect();
            let day = Date::parse(&typed);
            self.say(field, day.is_none() && !typed.is_empty(), || t!("log.no_such_day", typed = typed.clone()).into_owned());
            self.days[at] = day.map_or(typed, words::typed);
            if at == 0 { self.wanted.from = day } else { self.wanted.to = day }
        }
        if matches!((self.wanted.from, self.wanted.to), (Some(from), Some(to)) if to < from) {
            (self.wanted.from, self.wanted.to) = (None, None);
            self.say("au", true, || t!("log.days_crossed").into_owned());
        }
    }

    async fn read_person(&mut self, app: &App, referent: &SignedInReferent<'_>, asked: &Asked) -> Result<(), Failure> {
        let typed: String = asked.personne.trim().chars().take(80).collect();
        if let Ok(id) = asked.qui.parse() {
            let name = people::name(&app.mandates, referent.aidant(), id).await?;
            // The field still says whom was chosen, or was emptied by hand: what is typed decides.
            if let Some(name) = name.filter(|name| typed.is_empty() || *name == typed) {
                self.wanted.usager = Some(id);
                self.person.clone_from(&name);
                self.person_name = Some(name);
                return Ok(());
            }
        }
        if typed.is_empty() {
            self.say("personne", !asked.qui.is_empty(), || t!("log.nobody_chosen").into_owned());
            return Ok(());
        }
        self.person.clone_from(&typed);
        let (found, count) = people::matching(&app.mandates, referent.aidant(), &typed, CHOICES).await?;
        match found.as_slice() {
            [] => self.say("personne", true, || t!("log.nobody", words = typed).into_owned()),
            [one] => {
                self.wanted.usager = Some(one.id);
                self.person = one.name();
                self.person_name = Some(one.name());
            }
            several => {
                let query = self.query();
                self.choices = several
                    .iter()
                    .map(|person| Choice {
                        name: person.name(),
                        address: person.address.clone(),
                        query: format!("{query}&qui={}", person.id),
                    })
                    .collect();
                self.say("personne", true, || t!("log.several", words = typed, count = count).into_owned());
            }
        }
        Ok(())
    }

    /// The filter as the fields of a form or the parts of an address: identities and words of ours, nothing that was typed.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let Wanted { aidant, usager, acts, from, to, unread } = &self.wanted;
        let day = |day: &Option<Date>| day.map(Date::iso);
        let all = [
            ("aidant", aidant.map(|id| id.to_string())),
            ("qui", usager.map(|id| id.to_string())),
            ("acte", acts.map(|acts| acts.as_str().to_owned())),
            ("du", day(from)),
            ("au", day(to)),
            ("etat", unread.then(|| "a-relire".to_owned())),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// `aidant=…&acte=…`, or nothing.
    pub(crate) fn query(&self) -> String {
        self.fields().into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    /// "tous les aidants, toutes les actions, depuis le début": what is shown, in words.
    pub(crate) fn summary(&self) -> String {
        let Wanted { aidant, acts, from, to, unread, .. } = &self.wanted;
        let named = aidant.and_then(|id| self.team.iter().find(|member| member.id == id)).map(|member| member.name.clone());
        let mut parts = vec![named.unwrap_or_else(|| t!("log.all_aidants").into_owned())];
        parts.extend(self.person_name.clone());
        parts.push(acts.map_or_else(|| t!("log.all_acts").into_owned(), act));
        parts.push(
            match (from, to) {
                (None, None) => t!("log.all_days"),
                (Some(from), None) => t!("log.since", from = from.with_year()),
                (None, Some(to)) => t!("log.until", to = to.with_year()),
                (Some(from), Some(to)) if from == to => t!("log.on", day = from.with_year()),
                (Some(from), Some(to)) => t!("log.between", from = from.with_year(), to = to.with_year()),
            }
            .into_owned(),
        );
        if *unread {
            parts.push(t!("log.unread").into_owned());
        }
        parts.join(", ")
    }

    /// Whether this member is the one chosen.
    pub(crate) fn is_aidant(&self, member: &Member) -> bool {
        self.wanted.aidant == Some(member.id)
    }

    /// Whether these acts are those chosen.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates give references")]
    pub(crate) fn is_acts(&self, acts: &Acts) -> bool {
        self.wanted.acts == Some(*acts)
    }
}

/// A family of acts, in words.
pub(crate) fn act(acts: Acts) -> String {
    t!(format!("log.acts.{}", acts.as_str().replace('-', "_"))).into_owned()
}

/// "Nadia Roussel", or with the day they left.
pub(crate) fn member(member: &Member) -> String {
    match member.left_at {
        Some(left) => t!("log.left", name = member.name, date = day(left)).into_owned(),
        None => member.name.clone(),
    }
}

fn day(at: Timestamp) -> String {
    Date::at(at).with_year()
}
