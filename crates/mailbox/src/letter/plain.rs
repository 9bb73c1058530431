//! A letter in plain text, as a tree: paragraphs, quoted lines, links.
//!
//! `format=flowed` (RFC 3676) is unfolded, so that a line is as wide as the reader's window. Lines that begin with `>`
//! are quotes, one level per sign. The signature stands under a rule.

use super::href;
use super::tree::{Block, DEPTH, Inline, Link};

/// How the lines of a text end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    /// A line end is a line end.
    Fixed,
    /// A line that ends with a blank goes on in the next one.
    Flowed {
        /// The blank was added, and goes.
        delete_space: bool,
    },
}

/// More lines than a person reads; the caller bounds the text itself.
pub(crate) const MOST_LINES: usize = 20_000;

/// The tree of a text.
pub(crate) fn read(text: &str, lines: Lines) -> Vec<Block> {
    let mut builder = Builder { levels: vec![Vec::new()], line: Vec::new() };
    let mut held: Option<(usize, String)> = None;
    for raw in text.split('\n').take(MOST_LINES) {
        let (depth, line) = unquote(raw, lines);
        let goes_on = matches!(lines, Lines::Flowed { .. }) && line.ends_with(' ') && line != "-- ";
        let joins = held.as_ref().is_some_and(|(before, _)| *before == depth) && line != "-- ";
        let mut whole = match held.take() {
            Some((_, before)) if joins => before + line,
            Some((before, text)) => {
                builder.push(before, &text);
                line.to_owned()
            }
            None => line.to_owned(),
        };
        if goes_on {
            if lines == (Lines::Flowed { delete_space: true }) {
                whole.pop();
            }
            held = Some((depth, whole));
        } else {
            builder.push(depth, &whole);
        }
    }
    if let Some((depth, text)) = held {
        builder.push(depth, &text);
    }
    builder.finish()
}

/// How deeply a line is quoted, and what it says.
fn unquote(line: &str, lines: Lines) -> (usize, &str) {
    let (mut depth, mut rest) = (0, line);
    while let Some(tail) = rest.strip_prefix('>') {
        depth += 1;
        // Programs that do not flow put a blank after each sign.
        rest = match lines {
            Lines::Fixed => tail.strip_prefix(' ').filter(|tail| tail.starts_with('>')).unwrap_or(tail),
            Lines::Flowed { .. } => tail,
        };
    }
    let stuffed = depth > 0 || matches!(lines, Lines::Flowed { .. });
    (depth.min(DEPTH), if stuffed { rest.strip_prefix(' ').unwrap_or(rest) } else { rest })
}

struct Builder {
    /// The blocks at each depth of quoting, the letter's own first.
    levels: Vec<Vec<Block>>,
    line: Vec<Inline>,
}

impl Builder {
    fn push(&mut self, depth: usize, text: &str) {
        if depth + 1 != self.levels.len() {
            self.end_paragraph();
            self.go_to(depth);
        }
        if text.trim_end() == "--" && depth == 0 {
            self.end_paragraph();
            self.add(Block::Rule);
        } else if super::clean::is_blank(text) {
            self.end_paragraph();
        } else {
            if !self.line.is_empty() {
                self.line.push(Inline::Break);
            }
            linkify(text.trim_end(), &mut self.line);
        }
    }

    fn end_paragraph(&mut self) {
        if !self.line.is_empty() {
            let line = std::mem::take(&mut self.line);
            self.add(Block::Paragraph(line));
        }
    }

    fn add(&mut self, block: Block) {
        if let Some(level) = self.levels.last_mut() {
            level.push(block);
        }
    }

    fn go_to(&mut self, depth: usize) {
        while self.levels.len() > depth + 1 {
            let quote = self.levels.pop().unwrap_or_default();
            self.add(Block::Quote(quote));
        }
        while self.levels.len() < depth + 1 {
            self.levels.push(Vec::new());
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.end_paragraph();
        self.go_to(0);
        self.levels.pop().unwrap_or_default()
    }
}

/// The words of a line, and the web addresses in it as links.
fn linkify(line: &str, out: &mut Vec<Inline>) {
    let mut rest = line;
    while let Some(start) = next_address(rest) {
        let tail = &rest[start..];
        let end = tail.find(|c: char| c.is_whitespace() || "<>\"«»“”".contains(c)).unwrap_or(tail.len());
        let written = trim_punctuation(&tail[..end]);
        let Some(to) = href::read(written) else {
            text(&rest[..start + end], out);
            rest = &tail[end..];
            continue;
        };
        text(&rest[..start], out);
        out.push(Inline::Link(Link { text: written.to_owned(), href: to.href, domain: to.domain }));
        rest = &tail[written.len()..];
    }
    text(rest, out);
}

fn next_address(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find("://") {
        let at = from + at;
        for scheme in ["https", "http"] {
            if let Some(start) = at.checked_sub(scheme.len())
                && text.as_bytes()[start..at].eq_ignore_ascii_case(scheme.as_bytes())
                && !text[..start].ends_with(|c: char| c.is_alphanumeric())
            {
                return Some(start);
            }
        }
        from = at + 3;
    }
    None
}

/// A full stop after an address ends the sentence; a bracket is the address's only if it was opened in it.
fn trim_punctuation(written: &str) -> &str {
    let opened = written.matches(['(', '[']).count();
    let mut closed = written.matches([')', ']']).count();
    let mut kept = written;
    while let Some(last) = kept.chars().next_back() {
        if ")]".contains(last) && closed > opened {
            closed -= 1;
        } else if !".,;:!?'’…*_".contains(last) {
            break;
        }
        kept = &kept[..kept.len() - last.len_utf8()];
    }
    kept
}

fn text(words: &str, out: &mut Vec<Inline>) {
    match out.last_mut() {
        _ if words.is_empty() => {}
        Some(Inline::Text(before)) => before.push_str(words),
        _ => out.push(Inline::Text(words.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(text: &str) -> Inline {
        Inline::Text(text.into())
    }

    fn paragraph(text: &str) -> Block {
        Block::Paragraph(vec![say(text)])
    }

    #[test]
    fn paragraphs_quotes_and_signature() {
        let read = read("Bonjour,\nça va ?\n\n-- \nJo\n> avant\n> > plus tôt\n>\n> encore\nmoi", Lines::Fixed);
        let quote = Block::Quote(vec![paragraph("avant"), Block::Quote(vec![paragraph("plus tôt")]), paragraph("encore")]);
        let first = Block::Paragraph(vec![say("Bonjour,"), Inline::Break, say("ça va ?")]);
        assert_eq!(read, [first, Block::Rule, paragraph("Jo"), quote, paragraph("moi")]);
    }

    #[test]
    fn flowed_lines_are_joined() {
        let flowed = |delete_space| Lines::Flowed { delete_space };
        assert_eq!(read("un \ndeux \ntrois\n\n fin", flowed(false)), [paragraph("un deux trois"), paragraph("fin")]);
        assert_eq!(read("hypo \nthèse", flowed(true)), [paragraph("hypothèse")]);
        assert_eq!(read("> un \n> deux\ntrois ", flowed(false)), [Block::Quote(vec![paragraph("un deux")]), paragraph("trois")]);
        assert_eq!(read("a \n-- \nJo", flowed(false)), [paragraph("a"), Block::Rule, paragraph("Jo")]);
    }

    #[test]
    fn web_addresses_become_links() {
        let read = read("Voir (https://exemple.fr/a_(b)) ou http://b.fr. javascript://x xhttps://c.fr", Lines::Fixed);
        let link =
            |href: &str, domain: &str, text: &str| Inline::Link(Link { text: text.into(), href: href.into(), domain: domain.into() });
        let expected = vec![
            say("Voir ("),
            link("https://exemple.fr/a_(b)", "exemple.fr", "https://exemple.fr/a_(b)"),
            say(") ou "),
            link("http://b.fr/", "b.fr", "http://b.fr"),
            say(". javascript://x xhttps://c.fr"),
        ];
        assert_eq!(read, [Block::Paragraph(expected)]);
    }

    #[test]
    fn quoting_is_bounded() {
        let mut blocks = read(&format!("{}x", ">".repeat(1_000_000)), Lines::Fixed);
        let mut depth = 0;
        while let Some(Block::Quote(inner)) = blocks.pop() {
            blocks = inner;
            depth += 1;
        }
        assert_eq!(depth, DEPTH);
    }
}
