//! A letter in HTML, as a tree of our own: only what the tree has a node for goes through.
//!
//! Nothing of the sender's presentation is kept: no style, no class, no picture from elsewhere, no script, no form. What a layout table
//! arranged in columns is read in the order it was written. The time taken grows with the length of the page and
//! nothing else; depth is bounded by [`DEPTH`] elements, and the text by what the caller can still show.

mod build;
mod element;
mod entity;
mod frame;
mod holder;
mod run;
mod style;
#[cfg(test)]
mod tests;
mod token;

use std::collections::{HashMap, HashSet};

use super::raster::Raster;
use super::tree::Block;

/// Elements beyond this depth are not told apart.
pub(crate) const DEPTH: usize = 512;

/// The pictures that the letter carries and a browser may draw: by the name that its page gives them, their index.
pub(crate) type Own = HashMap<String, (usize, Raster)>;

/// A page made into a tree, and what was left out of it.
#[derive(Default)]
pub(crate) struct Page {
    pub blocks: Vec<Block>,
    /// Pictures that were not shown.
    pub images: usize,
    /// Which of the letter's own pictures it shows.
    pub shown: HashSet<usize>,
    /// Links that may not be followed.
    pub dead_links: usize,
    /// Words were hidden from the reader.
    pub hidden: bool,
    /// The page was longer than what is shown.
    pub cut: bool,
    /// The page was deeper than what is told apart.
    pub deep: bool,
    /// How much of the budget it took.
    pub spent: usize,
}

/// Reads a page, up to `budget` bytes of text.
pub(crate) fn read(source: &str, own: &Own, budget: usize) -> Page {
    let mut builder = build::Builder::new(own, budget);
    for token in token::Tokens::new(source) {
        match token {
            token::Token::Start(tag) => builder.open(&tag),
            token::Token::End(name) => builder.close(&name),
            token::Token::Text(text) => builder.text(&text),
        }
        if builder.is_full() {
            break;
        }
    }
    builder.finish()
}
