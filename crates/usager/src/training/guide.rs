//! `/bac-a-sable`: who is in the sandbox, structure by structure, and how to sign in as each.
//!
//! A button signs in by the very form of the sign-in page: nothing here opens what it would not.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use maincourante_shell::{Answer, Shell, page};
use rust_i18n::t;

use super::{Guide, GuideAidant, GuidePerson, Sandbox};
use crate::routes;

#[derive(Template)]
#[template(path = "usager/training/guide.html")]
struct Page {
    shell: Shell,
    guide: Arc<Guide>,
}

impl Page {
    /// The structures, in the order in which their people are told.
    fn structures(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for name in self.guide.people.iter().map(|person| person.structure.as_str()) {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn aidants(&self) -> impl Iterator<Item = (usize, &GuideAidant)> {
        self.guide.aidants.iter().enumerate()
    }

    fn people<'a>(&'a self, structure: &'a str) -> impl Iterator<Item = &'a GuidePerson> {
        self.guide.people.iter().filter(move |person| person.structure == structure)
    }
}

pub(crate) async fn show(State(sandbox): State<Sandbox>, shell: Shell) -> Answer {
    page(&Page { shell, guide: sandbox.guide })
}
