//! The body of a letter as a closed tree of our own: what a page may show, and nothing else.
//!
//! No variant holds markup, a style or a name chosen by the sender: templates write each node with our own tags, and
//! escape the texts. Depth is bounded by construction ([`DEPTH`] lists and quotes, one table), so a template may call itself.

use super::raster::Raster;

/// How deep lists and quotes may stand in one another.
pub const DEPTH: usize = 8;

/// Something that stands on its own lines.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub enum Block {
    /// Words.
    Paragraph(Vec<Inline>),
    /// A title, of level 2 to 6: level 1 is the page's own.
    Heading {
        /// From 2 to 6.
        level: u8,
        /// Its words.
        text: Vec<Inline>,
    },
    /// A list.
    List {
        /// The first number of a numbered list.
        numbered_from: Option<u32>,
        /// Its items.
        items: Vec<Vec<Block>>,
    },
    /// What was written by someone else before, to be shown folded.
    Quote(Vec<Block>),
    /// A text whose blanks and line ends matter.
    Preformatted(String),
    /// A line between two things.
    Rule,
    /// A table that has headings: a real one.
    Table(Vec<Row>),
}

/// A row of a table.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Row {
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Cell {
    /// Whether it names its column or its row.
    pub heading: bool,
    /// What is in it.
    pub blocks: Vec<Block>,
}

/// A piece of a line.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub enum Inline {
    /// Words.
    Text(String),
    /// Words that matter.
    Strong(String),
    /// Words said otherwise.
    Emphasis(String),
    /// A way out.
    Link(Link),
    /// The next line.
    Break,
    /// A picture that the letter carries.
    Picture {
        /// What to ask for it by.
        index: usize,
        /// What the sender says it shows; may be empty.
        alt: String,
        /// How it is drawn.
        raster: Raster,
    },
    /// A picture that is not shown.
    ImageWithheld {
        /// What the sender says it shows; may be empty.
        alt: String,
    },
}

/// A link that may be followed: `http`, `https`, `mailto` or `tel`, without a user name in its host.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct Link {
    /// The words of the link, never empty.
    pub text: String,
    /// Where it goes, in ASCII, as a browser would understand it.
    pub href: String,
    /// The site it goes to (`ameli.fr`), or the address or number.
    pub domain: String,
}

crate::veil::veiled!(Block, Row, Cell, Inline, Link);

impl Link {
    /// The true destination, when the words of the link do not already say it.
    pub fn domain_to_show(&self) -> Option<&str> {
        let bare = |text: &str| text.trim().to_lowercase().trim_start_matches("www.").to_owned();
        let said = self.text.trim().trim_end_matches(['.', ',', ';', ':', '!', '/']);
        let said = said.split_once("://").map_or(said, |(_, rest)| rest);
        let said = said.split(['/', '?', '#']).next().unwrap_or(said);
        (bare(said) != bare(&self.domain)).then_some(self.domain.as_str())
    }
}

/// The words of a tree, as one would type them; earlier letters that it quotes are left out.
pub fn plain(blocks: &[Block]) -> String {
    let mut out = String::new();
    write(blocks, false, &mut out);
    out.truncate(out.trim_end().len());
    out
}

/// The same, with the earlier letters that it quotes.
pub fn all_words(blocks: &[Block]) -> String {
    let mut out = String::new();
    write(blocks, true, &mut out);
    out
}

/// The same words, and nothing that leads away: for a letter that may deceive. Where a link went is said beside its words.
#[must_use]
pub fn without_links(blocks: Vec<Block>) -> Vec<Block> {
    let inlines = |text: Vec<Inline>| text.into_iter().map(cut_off).collect();
    let all = |blocks: Vec<Vec<Block>>| blocks.into_iter().map(without_links).collect();
    let one = |block| match block {
        Block::Paragraph(text) => Block::Paragraph(inlines(text)),
        Block::Heading { level, text } => Block::Heading { level, text: inlines(text) },
        Block::List { numbered_from, items } => Block::List { numbered_from, items: all(items) },
        Block::Quote(blocks) => Block::Quote(without_links(blocks)),
        Block::Table(rows) => {
            let cell = |cell: Cell| Cell { blocks: without_links(cell.blocks), ..cell };
            Block::Table(rows.into_iter().map(|row| Row { cells: row.cells.into_iter().map(cell).collect() }).collect())
        }
        Block::Preformatted(_) | Block::Rule => block,
    };
    blocks.into_iter().map(one).collect()
}

fn cut_off(inline: Inline) -> Inline {
    match inline {
        Inline::Link(link) => Inline::Text(match link.domain_to_show() {
            Some(domain) => format!("{} ({domain})", link.text),
            None => link.text,
        }),
        other => other,
    }
}

fn write(blocks: &[Block], quoted: bool, out: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(text) | Block::Heading { text, .. } => {
                line(text, out);
                out.push_str("\n\n");
            }
            Block::List { numbered_from, items } => {
                for (at, item) in (0_u32..).zip(items) {
                    let mark = numbered_from.map_or_else(|| "-".to_owned(), |first| format!("{}.", first.saturating_add(at)));
                    out.push_str(&mark);
                    out.push(' ');
                    write(item, quoted, out);
                    out.truncate(out.trim_end().len());
                    out.push('\n');
                }
                out.push('\n');
            }
            Block::Quote(blocks) if quoted => write(blocks, quoted, out),
            Block::Quote(_) => {}
            Block::Preformatted(text) => {
                out.push_str(text.trim_end());
                out.push_str("\n\n");
            }
            Block::Rule => out.push_str("---\n\n"),
            Block::Table(rows) => {
                for cell in rows.iter().flat_map(|row| &row.cells) {
                    write(&cell.blocks, quoted, out);
                }
            }
        }
    }
}

fn line(text: &[Inline], out: &mut String) {
    for inline in text {
        match inline {
            Inline::Text(text) | Inline::Strong(text) | Inline::Emphasis(text) => out.push_str(text),
            Inline::Link(link) => out.push_str(&link.text),
            Inline::Break => out.push('\n'),
            Inline::Picture { alt, .. } | Inline::ImageWithheld { alt } => out.push_str(alt),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_true_domain_is_shown_unless_it_was_said() {
        let shown = |text: &str| {
            let link = Link { text: text.into(), href: "https://www.ameli.fr/".into(), domain: "www.ameli.fr".into() };
            link.domain_to_show().map(str::to_owned)
        };
        for said in ["ameli.fr", "https://www.ameli.fr/compte?x", "WWW.Ameli.fr."] {
            assert_eq!(shown(said), None, "{said}");
        }
        for other in ["Mon compte", "impots.gouv.fr", "https://ameli.fr.example/"] {
            assert_eq!(shown(other).as_deref(), Some("www.ameli.fr"), "{other}");
        }
    }

    #[test]
    fn nothing_leads_away_any_more_wherever_it_stood() {
        let link = || Inline::Link(Link { text: "Mon compte".into(), href: "https://caf.example/".into(), domain: "caf.example".into() });
        let words = || vec![Block::Paragraph(vec![link()])];
        let tree = vec![
            Block::Heading { level: 2, text: vec![link()] },
            Block::List { numbered_from: None, items: vec![words()] },
            Block::Quote(words()),
            Block::Table(vec![Row { cells: vec![Cell { heading: false, blocks: words() }] }]),
        ];
        let cut = without_links(tree);
        let said = format!(
            "{}{}",
            plain(&cut),
            plain(match &cut[2] {
                Block::Quote(quoted) => quoted,
                _ => &[],
            })
        );
        assert_eq!(said.matches("Mon compte (caf.example)").count(), 4);
        let cut_again = without_links(cut.clone());
        assert_eq!(cut, cut_again, "there was no link left");
    }

    #[test]
    fn words_alone_without_what_is_quoted() {
        let word = |text: &str| vec![Block::Paragraph(vec![Inline::Text(text.into())])];
        let tree =
            [word("Bonjour"), vec![Block::List { numbered_from: Some(3), items: vec![word("a"), word("b")] }, Block::Quote(word("avant"))]]
                .concat();
        assert_eq!(plain(&tree), "Bonjour\n\n3. a\n4. b");
    }
}
