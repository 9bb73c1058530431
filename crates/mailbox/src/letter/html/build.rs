//! From tags and text to the tree: which elements are open, what they make of the words, when a paragraph ends.
//!
//! Simpler than the tree construction of browsers, on purpose: an end tag closes what it names and all that is in it,
//! a cell of a table keeps what is inside from closing what is outside, and that is all.

use super::super::tree::{self, Block, Inline};
use super::super::{clean, href};
use super::element::{Role, role};
use super::frame::{Frame, State};
use super::holder::{Holder, Level};
use super::run::{self, Run};
use super::token::Tag;
use super::{DEPTH, Own, Page};

/// More links than a person follows.
const MOST_LINKS: usize = 5000;

pub(crate) struct Builder<'a> {
    own: &'a Own,
    frames: Vec<Frame>,
    levels: Vec<Level>,
    runs: Vec<Run>,
    links: Vec<href::Destination>,
    preformatted: String,
    /// Inside an element that is not shown: its name, and how many of them are open.
    dropping: Option<(String, usize)>,
    /// Elements open beyond the depth that is told apart.
    beyond: usize,
    /// The last thing said was a blank: another adds nothing.
    blank: bool,
    given: usize,
    budget: usize,
    page: Page,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(own: &'a Own, budget: usize) -> Self {
        Self {
            own,
            frames: Vec::new(),
            levels: vec![Level::new(Holder::Root)],
            runs: Vec::new(),
            links: Vec::new(),
            preformatted: String::new(),
            dropping: None,
            beyond: 0,
            blank: false,
            given: budget,
            budget,
            page: Page::default(),
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.page.cut
    }

    pub(crate) fn finish(mut self) -> Page {
        self.close_from(0);
        self.end_paragraph();
        self.page.spent = self.given - self.budget;
        self.page.blocks = self.levels.pop().map(|root| root.blocks).unwrap_or_default();
        self.page
    }

    pub(crate) fn text(&mut self, text: &str) {
        let state = self.state();
        if self.dropping.is_some() {
            return;
        }
        let mut text = clean::text(text);
        if state.hidden || state.no_size {
            self.page.hidden |= !clean::is_blank(&text);
            return;
        }
        let kept = text.floor_char_boundary(self.budget);
        self.spend(text.len());
        text.truncate(kept);
        if state.preformatted {
            self.preformatted.push_str(&text);
            return;
        }
        let mut words = String::with_capacity(text.len());
        for c in text.chars() {
            let blank = c.is_ascii_whitespace();
            let at_start = words.is_empty() && matches!(self.runs.last(), None | Some(Run::Break));
            if !blank {
                words.push(c);
            } else if !self.blank && !at_start {
                words.push(' ');
            }
            self.blank = blank;
        }
        self.say(words, state);
    }

    fn say(&mut self, words: String, state: State) {
        let tone = state.tone();
        match self.runs.last_mut() {
            _ if words.is_empty() => {}
            Some(Run::Text { text, tone: before, link }) if *before == tone && *link == state.link => text.push_str(&words),
            _ => {
                self.spend(8);
                self.runs.push(Run::Text { text: words, tone, link: state.link });
            }
        }
    }

    pub(crate) fn open(&mut self, tag: &Tag) {
        if let Some((name, open)) = &mut self.dropping {
            *open += usize::from(*name == tag.name && !tag.closed);
            return;
        }
        let role = role(&tag.name);
        match role {
            Role::Void => {}
            Role::Dropped if tag.closed => {}
            Role::Dropped => self.dropping = Some((tag.name.clone(), 1)),
            Role::Break => self.break_line(),
            Role::Image => self.image(tag),
            Role::Rule => {
                self.close_paragraph_element();
                self.end_paragraph();
                if !self.state().hidden {
                    self.add(Block::Rule);
                }
            }
            _ if self.frames.len() >= DEPTH => {
                self.page.deep = true;
                self.beyond += 1;
                if role.is_block() {
                    self.end_paragraph();
                }
            }
            _ => self.push(tag, role),
        }
    }

    pub(crate) fn close(&mut self, name: &str) {
        if let Some((dropped, open)) = &mut self.dropping {
            *open -= usize::from(dropped == name);
            if *open == 0 {
                self.dropping = None;
            }
            return;
        }
        let role = role(name);
        match role {
            Role::Break => self.break_line(),
            Role::Void | Role::Dropped | Role::Image | Role::Rule => {}
            _ if self.beyond > 0 => self.beyond -= 1,
            _ => {
                let table = matches!(role, Role::Table | Role::Row | Role::Cell | Role::HeadingCell);
                let barrier = |frame: &Frame| match frame.role {
                    Role::Table => true,
                    Role::Cell | Role::HeadingCell => !table,
                    _ => false,
                };
                self.close_innermost(|frame| frame.name == name, barrier);
            }
        }
    }

    fn state(&self) -> State {
        self.frames.last().map(|frame| frame.state).unwrap_or_default()
    }

    fn push(&mut self, tag: &Tag, role: Role) {
        let cell = |frame: &Frame| matches!(frame.role, Role::Cell | Role::HeadingCell);
        let table = |frame: &Frame| frame.role == Role::Table;
        if role.is_block() {
            self.close_paragraph_element();
        }
        match role {
            Role::Anchor => self.close_innermost(|frame| frame.role == Role::Anchor, |frame| cell(frame) || table(frame)),
            Role::Item => {
                let list = |frame: &Frame| matches!(frame.role, Role::List | Role::NumberedList);
                self.close_innermost(|frame| frame.role == Role::Item, |frame| list(frame) || cell(frame) || table(frame));
            }
            Role::Row => self.close_innermost(|frame| frame.role == Role::Row, table),
            Role::Cell | Role::HeadingCell => self.close_innermost(cell, table),
            _ => {}
        }
        if role.is_block() {
            self.end_paragraph();
        }
        if matches!(role, Role::Cell | Role::HeadingCell) && matches!(self.holder(), Some(Holder::Table { .. })) {
            // A cell without a row: the row is implied.
            let state = self.state();
            self.hold(Holder::Row { cells: Vec::new() });
            self.frames.push(Frame { name: "tr".to_owned(), role: Role::Row, holds: true, state });
        }
        let mut state = self.inherit(tag, role);
        let holder = if state.hidden { None } else { self.holder_for(tag, role, state) };
        state.depth += usize::from(matches!(holder, Some(Holder::Quote | Holder::List { .. })));
        let holds = holder.is_some();
        if let Some(holder) = holder {
            self.hold(holder);
        }
        self.frames.push(Frame { name: tag.name.clone(), role, holds, state });
    }

    fn inherit(&mut self, tag: &Tag, role: Role) -> State {
        let mut state = self.state().within(tag, role);
        if role == Role::Anchor {
            state.link = tag.href.as_deref().and_then(|written| self.link(written));
        }
        state
    }

    fn link(&mut self, written: &str) -> Option<usize> {
        match href::read(written) {
            Some(to) if self.links.len() < MOST_LINKS => {
                self.links.push(to);
                Some(self.links.len() - 1)
            }
            _ => {
                let elsewhere = !written.trim().is_empty() && !written.trim().starts_with('#');
                self.page.dead_links += usize::from(elsewhere);
                None
            }
        }
    }

    fn holder(&self) -> Option<&Holder> {
        self.levels.last().map(|level| &level.holder)
    }

    fn holder_for(&self, tag: &Tag, role: Role, state: State) -> Option<Holder> {
        let first = || tag.start.as_deref().and_then(|start| start.trim().parse().ok()).unwrap_or(1);
        match (role, self.holder()) {
            (Role::Quote, _) if state.depth < tree::DEPTH => Some(Holder::Quote),
            (Role::List, _) if state.depth < tree::DEPTH => Some(Holder::List { numbered_from: None, items: Vec::new() }),
            (Role::NumberedList, _) if state.depth < tree::DEPTH => Some(Holder::List { numbered_from: Some(first()), items: Vec::new() }),
            (Role::Item, Some(Holder::List { .. })) => Some(Holder::Item),
            (Role::Table, _) => Some(Holder::Table { rows: Vec::new() }),
            (Role::Row, Some(Holder::Table { .. })) => Some(Holder::Row { cells: Vec::new() }),
            (Role::Cell | Role::HeadingCell, Some(Holder::Row { .. })) => Some(Holder::Cell { heading: role == Role::HeadingCell }),
            _ => None,
        }
    }

    fn hold(&mut self, holder: Holder) {
        self.levels.push(Level::new(holder));
    }

    /// A block that begins ends the `p` before it.
    fn close_paragraph_element(&mut self) {
        self.close_innermost(|frame| frame.role == Role::Paragraph, |frame| frame.role.is_block());
    }

    /// Closes the innermost element that is `wanted`, if none that is a `barrier` stands before it.
    fn close_innermost(&mut self, wanted: impl Fn(&Frame) -> bool, barrier: impl Fn(&Frame) -> bool) {
        for at in (0..self.frames.len()).rev() {
            if wanted(&self.frames[at]) {
                return self.close_from(at);
            }
            if barrier(&self.frames[at]) {
                return;
            }
        }
    }

    fn close_from(&mut self, at: usize) {
        while self.frames.len() > at {
            if self.frames.last().is_some_and(|frame| frame.role.is_block()) {
                self.end_paragraph();
            }
            if self.frames.pop().is_some_and(|frame| frame.holds)
                && let Some(level) = self.levels.pop()
                && let Some(outer) = self.levels.last_mut()
            {
                level.close_into(outer);
            }
        }
    }

    fn end_paragraph(&mut self) {
        self.blank = false;
        let text = std::mem::take(&mut self.preformatted);
        if !clean::is_blank(&text) {
            self.add(Block::Preformatted(text.trim_end().trim_start_matches('\n').to_owned()));
        }
        if self.runs.is_empty() {
            return;
        }
        let heading = self.state().heading;
        for text in run::paragraphs(std::mem::take(&mut self.runs), &self.links) {
            self.add(match heading {
                Some(level) => Block::Heading { level, text },
                None => Block::Paragraph(text),
            });
        }
    }

    fn add(&mut self, block: Block) {
        self.spend(16);
        if let Some(level) = self.levels.last_mut() {
            level.blocks.push(block);
        }
    }

    fn break_line(&mut self) {
        self.blank = false;
        match self.state() {
            State { hidden: true, .. } => {}
            State { preformatted: true, .. } => self.preformatted.push('\n'),
            _ => {
                self.spend(8);
                self.runs.push(Run::Break);
            }
        }
    }

    fn image(&mut self, tag: &Tag) {
        let state = self.state();
        let source = tag.src.as_deref().unwrap_or_default().trim();
        if state.hidden || source.is_empty() {
            return;
        }
        let alt = clean::line_up_to(tag.alt.as_deref().unwrap_or_default(), 300);
        let own = source.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("cid:")).and_then(|_| href::percent_decoded(&source[4..]));
        if let Some(&(index, raster)) = own.and_then(|name| self.own.get(&name)) {
            self.page.shown.insert(index);
            // A photograph is one even without a word for it.
            if raster.width > 3 && raster.height > 3 {
                self.spend(8 + alt.len());
                self.blank = false;
                self.runs.push(Run::Picture { picture: Inline::Picture { index, alt, raster }, link: state.link });
            }
            return;
        }
        self.page.images += 1;
        // No words at all (`alt=""`) or no size: decoration, or a spy.
        let tiny =
            |size: &Option<String>| size.as_deref().is_some_and(|size| matches!(size.trim().trim_end_matches("px"), "0" | "1" | "2" | "3"));
        let silent = tag.alt.as_deref().is_some_and(clean::is_blank) || tiny(&tag.width) || tiny(&tag.height);
        if !silent {
            self.spend(8 + alt.len());
            self.blank = false;
            self.runs.push(Run::Image { alt, link: state.link });
        }
    }

    fn spend(&mut self, bytes: usize) {
        self.page.cut |= bytes > self.budget;
        self.budget = self.budget.saturating_sub(bytes);
    }
}
