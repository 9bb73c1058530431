//! The words between two ends of paragraph, gathered as they come, then made into a line of our tree.

use super::super::clean;
use super::super::href::Destination;
use super::super::tree::{Inline, Link};

/// A stretch of one paragraph.
pub(crate) enum Run {
    Text { text: String, tone: Tone, link: Option<usize> },
    Image { alt: String, link: Option<usize> },
    Picture { picture: Inline, link: Option<usize> },
    Break,
}

/// How words are said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Strong,
    Emphasis,
}

/// The paragraphs that runs make: two breaks in a row part two of them.
pub(crate) fn paragraphs(runs: Vec<Run>, links: &[Destination]) -> Vec<Vec<Inline>> {
    let mut all = Vec::new();
    let mut line = Vec::new();
    let mut runs = runs.into_iter().peekable();
    while let Some(run) = runs.next() {
        match run {
            Run::Break if matches!(line.last(), Some(Inline::Break)) => {
                end(&mut line, &mut all);
            }
            Run::Break if line.is_empty() => {}
            Run::Break => {
                if let Some(Inline::Text(text)) = line.last_mut() {
                    text.truncate(text.trim_end().len());
                }
                line.push(Inline::Break);
            }
            Run::Text { text, tone, link: None } => say(&text, tone, &mut line),
            Run::Image { alt, link: None } => line.push(Inline::ImageWithheld { alt }),
            Run::Picture { picture, link: None } => line.push(picture),
            first @ (Run::Text { link: Some(link), .. } | Run::Image { link: Some(link), .. } | Run::Picture { link: Some(link), .. }) => {
                let mut words = String::new();
                let mut next = Some(first);
                // One link, however many pieces it is written in; its pictures stand before it.
                while let Some(run) = next {
                    match run {
                        Run::Text { text, .. } | Run::Image { alt: text, .. } => words.push_str(&text),
                        Run::Picture { picture, .. } => line.push(picture),
                        Run::Break => words.push(' '),
                    }
                    next = runs.next_if(|run| belongs(run, link));
                }
                follow(&words, links.get(link), &mut line);
            }
        }
    }
    end(&mut line, &mut all);
    all
}

fn belongs(run: &Run, to: usize) -> bool {
    match run {
        Run::Text { link, .. } | Run::Image { link, .. } | Run::Picture { link, .. } => *link == Some(to),
        Run::Break => false,
    }
}

fn follow(words: &str, destination: Option<&Destination>, line: &mut Vec<Inline>) {
    let Some(to) = destination else { return say(words, Tone::Plain, line) };
    let text = clean::line_up_to(&squash(words), 500);
    let text = if clean::is_blank(&text) { to.domain.clone() } else { text };
    if words.starts_with(char::is_whitespace) {
        say(" ", Tone::Plain, line);
    }
    line.push(Inline::Link(Link { text, href: to.href.clone(), domain: to.domain.clone() }));
    if words.ends_with(char::is_whitespace) {
        say(" ", Tone::Plain, line);
    }
}

fn say(words: &str, tone: Tone, line: &mut Vec<Inline>) {
    let words = squash(words);
    let tone = if clean::is_blank(&words) { Tone::Plain } else { tone };
    match (line.last_mut(), tone) {
        _ if words.is_empty() => {}
        (Some(Inline::Text(before)), Tone::Plain)
        | (Some(Inline::Strong(before)), Tone::Strong)
        | (Some(Inline::Emphasis(before)), Tone::Emphasis) => before.push_str(&words),
        (_, Tone::Plain) => line.push(Inline::Text(words)),
        (_, Tone::Strong) => line.push(Inline::Strong(words)),
        (_, Tone::Emphasis) => line.push(Inline::Emphasis(words)),
    }
}

/// Long rows of fixed blanks and joiners: newsletters push their summary out of sight with them.
fn squash(words: &str) -> String {
    let filler = |c: char| c == ' ' || c == '\u{a0}' || clean::is_joiner(c);
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while !rest.is_empty() {
        let plain = rest.find(filler).unwrap_or(rest.len());
        out.push_str(&rest[..plain]);
        rest = &rest[plain..];
        let length = rest.find(|c| !filler(c)).unwrap_or(rest.len());
        let row = &rest[..length];
        out.push_str(if row.chars().nth(3).is_some() { " " } else { row });
        rest = &rest[length..];
    }
    out
}

/// Closes a paragraph: nothing blank around it, and nothing at all if nothing would be seen.
fn end(line: &mut Vec<Inline>, all: &mut Vec<Vec<Inline>>) {
    let mut line = std::mem::take(line);
    while let Some(last) = line.last_mut() {
        match last {
            Inline::Text(text) | Inline::Strong(text) | Inline::Emphasis(text) if clean::is_blank(text) => drop(line.pop()),
            Inline::Break => drop(line.pop()),
            Inline::Text(text) => {
                text.truncate(text.trim_end().len());
                break;
            }
            Inline::Strong(_) | Inline::Emphasis(_) | Inline::Link(_) | Inline::Picture { .. } | Inline::ImageWithheld { .. } => break,
        }
    }
    let lead = line.iter().take_while(|inline| matches!(inline, Inline::Text(text) if clean::is_blank(text))).count();
    line.drain(..lead);
    if let Some(Inline::Text(first)) = line.first_mut() {
        first.drain(..first.len() - first.trim_start().len());
    }
    if !line.is_empty() {
        all.push(line);
    }
}
