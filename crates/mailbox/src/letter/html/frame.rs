//! An element that is open, and what it makes of the words inside it.

use super::element::Role;
use super::run::Tone;
use super::style;
use super::token::Tag;

/// What the open elements make of the words that come.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether an independent kind of element is open")]
pub(crate) struct State {
    pub hidden: bool,
    pub no_size: bool,
    pub strong: bool,
    pub emphasis: bool,
    pub preformatted: bool,
    pub link: Option<usize>,
    pub heading: Option<u8>,
    /// Lists and quotes that are open.
    pub depth: usize,
}

pub(crate) struct Frame {
    pub name: String,
    pub role: Role,
    /// Whether a level was opened for it.
    pub holds: bool,
    pub state: State,
}

impl State {
    /// What becomes of the words inside an element that opens here.
    pub(crate) fn within(mut self, tag: &Tag, role: Role) -> Self {
        let seen = tag.style.as_deref().map(style::read).unwrap_or_default();
        self.hidden |= seen.hidden || tag.hidden;
        self.no_size = seen.no_size.unwrap_or(self.no_size);
        match role {
            Role::Strong => self.strong = true,
            Role::Emphasis => self.emphasis = true,
            Role::Preformatted => self.preformatted = true,
            Role::Heading(level) => self.heading = Some(level),
            _ => {}
        }
        self
    }

    pub(crate) fn tone(self) -> Tone {
        match (self.strong, self.emphasis) {
            (true, _) => Tone::Strong,
            (false, true) => Tone::Emphasis,
            (false, false) => Tone::Plain,
        }
    }
}
