//! "Lecture claire": the closed tree of a letter written with our own tags. Every word of it is escaped; nothing of the
//! sender's chooses a tag, a style or an attribute, save the destination of a link that the tree has judged and the words
//! for a picture.

use askama::Template;
use askama::filters::HtmlSafe;
use maincourante_mailbox::letter::tree::{Block, Inline, Link, Row};
use rust_i18n::t;

use super::name::Name;
use crate::routes;

/// Blocks to be written, one after the other. Depth is bounded by the tree.
#[derive(Template)]
#[template(path = "usager/messages/tree.html")]
pub(crate) struct Tree<'a> {
    blocks: &'a [Block],
    /// The letter, where its pictures are drawn; none where its words are enough.
    letter: Option<Name>,
}

// What it writes is a template's own.
impl HtmlSafe for Tree<'_> {}

/// A letter to be read, for templates.
pub(crate) fn tree(blocks: &[Block], letter: Name) -> Tree<'_> {
    Tree { blocks, letter: Some(letter) }
}

/// A letter that one reads again while doing something else, for templates.
pub(crate) fn words(blocks: &[Block]) -> Tree<'_> {
    Tree { blocks, letter: None }
}

impl Tree<'_> {
    /// What stands inside a block.
    fn inside<'b>(&self, blocks: &'b [Block]) -> Tree<'b> {
        Tree { blocks, letter: self.letter }
    }
}

/// Whether a link may be followed here: an address to write to is shown as words, for it would open another program.
fn leads_out(link: &Link) -> bool {
    !link.href.starts_with("mailto:")
}

/// Where a link goes, when its words do not say it. A number said with spaces, or without its country, is said.
fn destination(link: &Link) -> Option<&str> {
    let end = |text: &str| text.chars().rev().filter(char::is_ascii_digit).take(9).collect::<String>();
    let shown = link.domain_to_show()?;
    (!link.href.starts_with("tel:") || end(&link.text) != end(shown)).then_some(shown)
}

/// What a heading of a table names: its column where the whole row is headings, else its row.
fn scope(row: &Row) -> &'static str {
    if row.cells.iter().all(|cell| cell.heading) { "col" } else { "row" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(blocks: &[Block]) -> String {
        words(blocks).to_string()
    }

    fn line(pieces: Vec<Inline>) -> Vec<Block> {
        vec![Block::Paragraph(pieces)]
    }

    fn link(text: &str, href: &str, domain: &str) -> Inline {
        Inline::Link(Link { text: text.into(), href: href.into(), domain: domain.into() })
    }

    #[test]
    fn a_line_is_written_without_a_blank_more_nor_less() {
        let pieces = vec![
            Inline::Text("Voir ".into()),
            Inline::Strong("ici".into()),
            Inline::Text(", ".into()),
            link("le site", "https://ameli.fr/", "ameli.fr"),
            Inline::Text(".".into()),
            Inline::Break,
            Inline::Emphasis("<b>".into()),
        ];
        let expected = "<p>Voir <strong>ici</strong>, <a href=\"https://ameli.fr/\" rel=\"external nofollow noopener noreferrer\">le site</a>\
            &#32;(ameli.fr).<br>&#60;b&#62;</p>";
        assert_eq!(written(&line(pieces)).trim(), expected);
    }

    #[test]
    fn a_picture_of_the_letter_is_drawn_where_it_is_read_and_is_words_elsewhere() {
        use maincourante_mailbox::letter::Raster;
        let picture =
            |alt: &str| Inline::Picture { index: 3, alt: alt.into(), raster: Raster { media: "image/png", width: 640, height: 480 } };
        let name = Name::try_from("recu-1-2".to_owned()).unwrap();
        let html = tree(&line(vec![picture("L’anniversaire de \"Lina\""), picture("")]), name).to_string();
        assert!(
            html.contains("<img src=\"/messages/recu-1-2/image/3\" alt=\"L’anniversaire de &#34;Lina&#34;\" width=\"640\" height=\"480\""),
            "{html}"
        );
        assert!(html.contains("alt=\"Image jointe à ce message\""), "{html}");
        let quoted = tree(&[Block::Quote(line(vec![picture("Lina")]))], name).to_string();
        assert!(quoted.contains("/image/3"), "{quoted}");
        let again = written(&line(vec![picture("Lina"), picture("")]));
        assert!(!again.contains("<img") && again.contains("[Image\u{a0}: Lina][Image]"), "{again}");
    }

    #[test]
    fn an_address_is_words_and_a_number_that_is_said_is_not_said_twice() {
        let letter = line(vec![link("la mairie", "mailto:a@b.fr", "a@b.fr"), link("01 99 00 12 34", "tel:+33199001234", "+33199001234")]);
        let html = written(&letter);
        assert!(html.contains("la mairie&#32;(a@b.fr)") && !html.contains("mailto:"), "{html}");
        assert!(html.contains(">01 99 00 12 34</a></p>"), "{html}");
        let lie = written(&line(vec![link("01 99 00 12 34", "tel:+33899000000", "+33899000000")]));
        assert!(lie.contains("(+33899000000)"), "{lie}");
    }

    #[test]
    fn a_table_names_its_columns_or_its_rows() {
        use maincourante_mailbox::letter::tree::Cell;
        let cell = |heading, text: &str| Cell { heading, blocks: line(vec![Inline::Text(text.into())]) };
        let rows =
            vec![Row { cells: vec![cell(true, "Mois"), cell(true, "Somme")] }, Row { cells: vec![cell(true, "Mai"), cell(false, "12")] }];
        let html = written(&[Block::Table(rows)]);
        let bare: String = html.split_whitespace().collect::<Vec<_>>().join(" ").replace("> <", "><");
        assert!(bare.contains("<thead><tr><th scope=\"col\"><p>Mois</p></th>"), "{bare}");
        assert!(bare.contains("<tr><th scope=\"row\"><p>Mai</p></th><td><p>12</p></td></tr>"), "{bare}");
    }

    #[test]
    fn lists_quotes_and_texts_keep_their_shape() {
        let inner = line(vec![Inline::Text("un".into())]);
        let blocks = [
            Block::List { numbered_from: Some(3), items: vec![inner.clone()] },
            Block::List { numbered_from: None, items: vec![inner.clone()] },
            Block::Heading { level: 5, text: vec![Inline::Text("Titre".into())] },
            Block::Quote(inner),
            Block::Preformatted("a  b\nc".into()),
            Block::Rule,
        ];
        let html = written(&blocks);
        for piece in ["<ol start=\"3\"><li>", "<ul><li>", "<h3>Titre</h3>", "<blockquote>", "<pre>a  b\nc</pre>", "<hr>"] {
            assert!(html.contains(piece), "{piece}: {html}");
        }
    }
}
