//! Cuts HTML into tags and text, in one pass, in time that grows with the length and nothing else.
//!
//! Ours, because it must be bounded: general HTML parsers compare each attribute of a tag with all those before it, and
//! keep every open element; a quarter of a megabyte then costs seconds. Here only the few attributes that a tree of
//! ours may use are kept, and nothing is open. A browser never reads what comes out: a tag understood otherwise than a
//! browser would gives a poorer text, never a live one. The states follow the HTML standard, section 13.2.5.

use std::borrow::Cow;

use super::entity;

/// A tag or some text.
pub(crate) enum Token<'a> {
    Start(Tag),
    /// The name, in lower case.
    End(String),
    Text(Cow<'a, str>),
}

/// A start tag, with what may be used of it.
#[derive(Default)]
pub(crate) struct Tag {
    pub name: String,
    pub href: Option<String>,
    pub src: Option<String>,
    pub alt: Option<String>,
    pub style: Option<String>,
    pub start: Option<String>,
    pub width: Option<String>,
    pub height: Option<String>,
    pub hidden: bool,
    /// Written `<like-this/>`.
    pub closed: bool,
}

/// Elements whose content is not HTML: it goes as far as their own end tag, and is never shown.
const RAW: [&str; 9] = ["script", "style", "title", "textarea", "iframe", "noembed", "noframes", "noscript", "xmp"];

/// The tokens of a page, one after the other.
pub(crate) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(crate) fn new(source: &'a str) -> Self {
        Self { rest: source }
    }

    /// Everything up to `end`, which is passed.
    fn take_to(&mut self, end: &str) -> &'a str {
        match self.rest.split_once(end) {
            Some((taken, rest)) => {
                self.rest = rest;
                taken
            }
            None => std::mem::take(&mut self.rest),
        }
    }

    fn text(&mut self) -> Token<'a> {
        // A `<` that opens nothing is text: look for the next one behind it.
        let end = self.rest.char_indices().skip(1).find(|&(_, c)| c == '<').map_or(self.rest.len(), |(at, _)| at);
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        Token::Text(entity::decode(text))
    }

    fn start_tag(&mut self) -> Option<Token<'a>> {
        self.rest = &self.rest[1..];
        let mut tag = Tag { name: self.name(), ..Tag::default() };
        while self.attribute(&mut tag)? {}
        if RAW.contains(&tag.name.as_str()) && !tag.closed {
            self.skip_raw(&tag.name);
            return self.next();
        }
        if tag.name == "plaintext" {
            self.rest = "";
        }
        Some(Token::Start(tag))
    }

    fn name(&mut self) -> String {
        let end = self.rest.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        // No element has a longer name; a foreign one is nothing to us.
        if name.len() > 20 { String::new() } else { name.to_ascii_lowercase() }
    }

    /// Reads one attribute; false at the tag's end, nothing when the page ends first.
    fn attribute(&mut self, tag: &mut Tag) -> Option<bool> {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        if let Some(rest) = self.rest.strip_prefix('>') {
            self.rest = rest;
            return Some(false);
        }
        if let Some(rest) = self.rest.strip_prefix('/') {
            tag.closed = rest.starts_with('>');
            self.rest = rest;
            return Some(true);
        }
        if self.rest.is_empty() {
            return None;
        }
        // An equals sign at the start belongs to the name.
        let end = self
            .rest
            .char_indices()
            .skip(1)
            .find(|&(_, c)| c.is_ascii_whitespace() || "/>=".contains(c))
            .map_or(self.rest.len(), |(at, _)| at);
        let (name, rest) = self.rest.split_at(end);
        let after = rest.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let Some(value) = after.strip_prefix('=') else {
            tag.hidden |= name.eq_ignore_ascii_case("hidden");
            self.rest = rest;
            return Some(true);
        };
        self.rest = value.trim_start_matches(|c: char| c.is_ascii_whitespace());
        let value = self.value();
        tag.set(name, value);
        Some(true)
    }

    fn value(&mut self) -> &'a str {
        for quote in ["\"", "'"] {
            if let Some(rest) = self.rest.strip_prefix(quote) {
                self.rest = rest;
                return self.take_to(quote);
            }
        }
        let end = self.rest.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(self.rest.len());
        let (value, rest) = self.rest.split_at(end);
        self.rest = rest;
        value
    }

    fn skip_raw(&mut self, name: &str) {
        while let Some(at) = self.rest.find("</") {
            let tail = &self.rest[at + 2..];
            let ends = tail.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
                && tail[name.len()..].starts_with(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>');
            self.rest = tail;
            if ends {
                self.take_to(">");
                return;
            }
        }
        self.rest = "";
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let mut chars = self.rest.chars();
            match (chars.next()?, chars.next()) {
                ('<', Some(c)) if c.is_ascii_alphabetic() => return self.start_tag(),
                ('<', Some('/')) => match chars.next() {
                    Some(c) if c.is_ascii_alphabetic() => {
                        self.rest = &self.rest[2..];
                        let name = self.name();
                        self.take_to(">");
                        return Some(Token::End(name));
                    }
                    _ => self.take_to(">"),
                },
                ('<', Some('!')) if self.rest.starts_with("<!-->") || self.rest.starts_with("<!--->") => self.take_to(">"),
                ('<', Some('!')) if self.rest.starts_with("<!--") => self.take_to("-->"),
                ('<', Some('!' | '?')) => self.take_to(">"),
                _ => return Some(self.text()),
            };
        }
    }
}

impl Tag {
    fn set(&mut self, name: &str, value: &str) {
        // Longer than anything of ours; pictures written in the page itself are not kept.
        const LONGEST: usize = 8192;
        let slot = match name.to_ascii_lowercase().as_str() {
            "href" => &mut self.href,
            "src" => &mut self.src,
            "alt" => &mut self.alt,
            "style" => &mut self.style,
            "start" => &mut self.start,
            "width" => &mut self.width,
            "height" => &mut self.height,
            "hidden" => {
                self.hidden = true;
                return;
            }
            _ => return,
        };
        // The first of two attributes of the same name counts.
        if slot.is_none() {
            let kept = value.char_indices().nth(LONGEST).map_or(value, |(at, _)| &value[..at]);
            *slot = Some(entity::decode(kept).into_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(source: &str) -> String {
        let token = |token| match token {
            Token::Start(tag) => format!("<{}{}>", tag.name, tag.href.map(|href| format!(" {href}")).unwrap_or_default()),
            Token::End(name) => format!("</{name}>"),
            Token::Text(text) => text.into_owned(),
        };
        Tokens::new(source).map(token).collect()
    }

    #[test]
    fn tags_and_text() {
        assert_eq!(sketch("a<B>b</b >c"), "a<b>b</b>c");
        assert_eq!(sketch("<a x=1 HREF='u&amp;v' href=w>"), "<a u&v>");
        assert_eq!(sketch("<a href=u/v>x<a\nhref = \"y>z\"/>"), "<a u/v>x<a y>z>");
        assert_eq!(sketch("1 < 2 && 3 <3 <"), "1 < 2 && 3 <3 <");
        assert_eq!(sketch("a<!-- <b> -->b<!-->c<!--->d<!doctype x>e<?xml?>f</ x>g"), "abcdefg");
        assert_eq!(sketch("a<!--[if mso]><b><![endif]-->b<![if !mso]>c<![endif]>"), "abc");
    }

    #[test]
    fn what_is_not_html_is_not_shown() {
        assert_eq!(sketch("a<script>if (a</b>1) '</scripty>'</SCRIPT >b"), "ab");
        assert_eq!(sketch("a<style>b{}"), "a");
        assert_eq!(sketch("<title></title>x<title/>y"), "x<title>y");
        assert_eq!(sketch("a<textarea><b></textarea>b<plaintext>c</plaintext>"), "ab<plaintext>");
    }

    #[test]
    fn an_unfinished_page_ends_quietly() {
        for source in
            ["<", "</", "<a", "<a ", "<a href", "<a href=", "<a href='", "<!", "<!--", "<script", "<script>", "é<é", "<a é=\"", "</a"]
        {
            sketch(source);
        }
        assert_eq!(sketch("a<b c"), "a");
    }
}
