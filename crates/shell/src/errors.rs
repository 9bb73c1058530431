//! What is wrong in a form: one sentence per field, in the order of the page.

use rust_i18n::t;

/// The things to correct. Empty when the form is shown for the first time.
#[derive(Clone, Default, Debug)]
pub struct Errors(Vec<(&'static str, String)>);

impl Errors {
    /// None.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// One: `Errors::on_field("login", t!("sign_in.wrong"))`.
    pub fn one(field: &'static str, sentence: impl Into<String>) -> Self {
        Self(vec![(field, sentence.into())])
    }

    /// Adds what is wrong with a field. The first sentence of a field wins: one thing at a time.
    pub fn add(&mut self, field: &'static str, sentence: impl Into<String>) {
        if self.on(field).is_none() {
            self.0.push((field, sentence.into()));
        }
    }

    /// What is wrong with this field.
    pub fn on(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, sentence)| sentence.as_str())
    }

    /// Whether all is well.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each field with its sentence.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(field, sentence)| (*field, sentence.as_str()))
    }

    /// "Il y a 2 choses à corriger."
    pub fn summary(&self) -> String {
        match self.0.len() {
            1 => t!("errors.one").into_owned(),
            count => t!("errors.many", count = count).into_owned(),
        }
    }

    /// What the title of the page adds: ", 2 erreurs", or nothing.
    pub fn in_title(&self) -> String {
        match self.0.len() {
            0 => String::new(),
            1 => t!("errors.title_one").into_owned(),
            count => t!("errors.title_many", count = count).into_owned(),
        }
    }
}
