//! Which parts of a letter are its text, and which are what it carries.
//!
//! Of several forms of the same thing, the page is preferred to the plain text, which too often says only that there is a
//! page; unless the page has nothing to read. A picture that no page of the letter shows is an attachment.

use std::collections::HashSet;

use super::attachment::{self, Attachment};
use super::mime::{Leaf, Multi, Part, Shape};
use super::tree::Block;
use super::{TEXT, charset, clean, html, plain, raster};

/// More of a page than this is not even looked at: what a page weighs beyond its words is pictures and styles.
const SOURCE: usize = 4 * 1024 * 1024;
/// More pictures than this are not drawn: they are kept like any document.
const MOST_DRAWN: usize = 20;

/// What is in a letter.
#[derive(Default)]
pub(crate) struct Content {
    pub blocks: Vec<Block>,
    pub attachments: Vec<Attachment>,
    pub pictures: Vec<Attachment>,
    pub images: usize,
    pub dead_links: usize,
    pub hidden: bool,
    pub damaged: bool,
    pub cut: bool,
}

/// Reads the text and lists what is carried.
pub(crate) fn read(shape: &Shape<'_>) -> Content {
    let picked = pick(&shape.root);
    let mut content = Content::default();
    let carried = carried(shape.letter, &picked.others, &mut content);
    let own =
        picked.others.iter().zip(&carried).filter_map(|(leaf, carried)| Some((leaf.content_id.clone()?, (carried.index, carried.raster?))));
    let mut reading = Reading { letter: shape.letter, content, own: own.collect(), shown: HashSet::new(), budget: TEXT };
    for body in &picked.bodies {
        reading.body(body);
    }
    let Reading { mut content, shown, .. } = reading;
    for carried in carried {
        if shown.contains(&carried.index) { content.pictures.push(carried) } else { content.attachments.push(carried) }
    }
    content.attachments.sort_by_key(|attachment| attachment.index);
    content
}

/// What is carried, in the order of the letter.
fn carried(letter: &[u8], leaves: &[&Leaf], content: &mut Content) -> Vec<Attachment> {
    let mut drawn = 0;
    let one = |leaf: &&Leaf| {
        let transferred = leaf.decode(letter);
        content.damaged |= transferred.damaged;
        let (name, media, kind) = attachment::describe(leaf.file_name(), &leaf.content.word);
        let raster = raster::of(&transferred.bytes).filter(|_| drawn < MOST_DRAWN);
        drawn += usize::from(raster.is_some());
        Attachment { index: leaf.index, name, media, kind, size: transferred.bytes.len(), raster }
    };
    leaves.iter().map(one).collect()
}

/// A text to show, and what to show in its place if there is nothing to read in it.
struct Body<'p> {
    leaf: &'p Leaf,
    otherwise: Option<&'p Leaf>,
}

#[derive(Default)]
struct Picked<'p> {
    bodies: Vec<Body<'p>>,
    others: Vec<&'p Leaf>,
}

fn pick(part: &Part) -> Picked<'_> {
    match part {
        Part::Leaf(leaf) if is_body(leaf) => Picked { bodies: vec![Body { leaf, otherwise: None }], others: Vec::new() },
        Part::Leaf(leaf) => Picked { bodies: Vec::new(), others: vec![leaf] },
        Part::Multi { kind: Multi::Mixed | Multi::Related, parts } => {
            let mut all = Picked::default();
            for mut found in parts.iter().map(pick) {
                all.bodies.append(&mut found.bodies);
                all.others.append(&mut found.others);
            }
            all
        }
        Part::Multi { kind: Multi::Alternative, parts } => {
            let mut forms: Vec<_> = parts.iter().map(pick).collect();
            let others = forms.iter_mut().flat_map(|form| std::mem::take(&mut form.others)).collect();
            let page = forms.iter().rposition(|form| form.bodies.iter().any(|body| body.leaf.content.word == "text/html"));
            let text = forms
                .iter()
                .rposition(|form| !form.bodies.is_empty() && form.bodies.iter().all(|body| body.leaf.content.word != "text/html"));
            let otherwise = text.and_then(|at| forms[at].bodies.first()).map(|body| body.leaf);
            let mut bodies = page.or(text).map(|at| std::mem::take(&mut forms[at].bodies)).unwrap_or_default();
            if let (Some(_), [only]) = (page, bodies.as_mut_slice()) {
                only.otherwise = otherwise;
            }
            Picked { bodies, others }
        }
    }
}

/// Whether a part is something to read; what is not is carried.
pub(crate) fn is_body(leaf: &Leaf) -> bool {
    let text = matches!(leaf.content.word.as_str(), "text/plain" | "text/html");
    let named = leaf.file_name().is_some() && leaf.disposition.word != "inline";
    text && leaf.disposition.word != "attachment" && !named
}

struct Reading<'a> {
    letter: &'a [u8],
    content: Content,
    own: html::Own,
    shown: HashSet<usize>,
    budget: usize,
}

impl Reading<'_> {
    fn body(&mut self, body: &Body<'_>) {
        let before = self.content.blocks.len();
        self.leaf(body.leaf);
        if self.content.blocks.len() == before
            && let Some(otherwise) = body.otherwise
        {
            self.leaf(otherwise);
        }
    }

    fn leaf(&mut self, leaf: &Leaf) {
        if self.budget == 0 {
            self.content.cut = true;
            return;
        }
        let mut transferred = leaf.decode(self.letter);
        self.content.damaged |= transferred.damaged;
        self.content.cut |= transferred.bytes.len() > SOURCE;
        // Never in the middle of a letter: half of one would make UTF-8 look like something else.
        let end =
            (0..4).map(|back| SOURCE.saturating_sub(back)).find(|&end| transferred.bytes.get(end).is_none_or(|byte| byte & 0xc0 != 0x80));
        transferred.bytes.truncate(end.unwrap_or(SOURCE));
        let is_page = leaf.content.word == "text/html";
        let own = if is_page { charset::declared_in_html(&transferred.bytes) } else { None };
        let decoded = charset::decode(&transferred.bytes, leaf.content.get("charset").or(own.as_deref()));
        self.content.damaged |= decoded.mislabelled;
        if is_page { self.page(&decoded.text) } else { self.text(&decoded.text, leaf) }
    }

    fn page(&mut self, source: &str) {
        let page = html::read(source, &self.own, self.budget);
        self.budget = self.budget.saturating_sub(page.spent);
        self.content.blocks.extend(page.blocks);
        self.content.images += page.images;
        self.content.dead_links += page.dead_links;
        self.content.hidden |= page.hidden;
        self.content.cut |= page.cut || page.deep;
        self.shown.extend(page.shown);
    }

    fn text(&mut self, text: &str, leaf: &Leaf) {
        let text = clean::text(text);
        let kept = &text[..text.floor_char_boundary(self.budget)];
        self.content.cut |= kept.len() < text.len() || kept.split('\n').nth(plain::MOST_LINES).is_some();
        self.budget -= kept.len();
        let yes = |value: Option<&str>| value.is_some_and(|value| value.eq_ignore_ascii_case("yes"));
        let lines = if leaf.content.get("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed")) {
            plain::Lines::Flowed { delete_space: yes(leaf.content.get("delsp")) }
        } else {
            plain::Lines::Fixed
        };
        self.content.blocks.extend(plain::read(kept, lines));
    }
}
