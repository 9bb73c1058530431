//! "Lecture claire": the closed tree of a letter written with our own tags. Every word of it is escaped; nothing of the
//! sender's chooses a tag, a style or an attribute, save the destination of a link that the tree has judged.

use askama::Template;
use askama::filters::HtmlSafe;
use maincourante_mailbox::letter::tree::{Block, Inline, Link, Row};
use rust_i18n::t;

/// Blocks to be written, one after the other. Depth is bounded by the tree.
#[derive(Template)]
#[template(path = "usager/messages/tree.html")]
pub(crate) struct Tree<'a>(&'a [Block]);

// What it writes is a template's own.
impl HtmlSafe for Tree<'_> {}

/// For templates.
pub(crate) fn tree(blocks: &[Block]) -> Tree<'_> {
    Tree(blocks)
}

/// Whether a link may be followed here: an address to write to is shown as words, for it would open another program.
fn leads_out(link: &Link) -> bool {
    !link.href.starts_with("mailto:")
}

/// What a heading of a table names: its column where the whole row is headings, else its row.
fn scope(row: &Row) -> &'static str {
    if row.cells.iter().all(|cell| cell.heading) { "col" } else { "row" }
}
