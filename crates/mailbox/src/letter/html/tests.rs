//! Pages as newsletters, offices and frauds write them.

use super::super::raster::Raster;
use super::super::tree::{Block, Cell, Inline, Link, Row};
use super::{Own, Page, read};

fn page(source: &str) -> Page {
    read(source, &Own::new(), 1024 * 1024)
}

fn tree(source: &str) -> Vec<Block> {
    page(source).blocks
}

fn say(text: &str) -> Inline {
    Inline::Text(text.into())
}

fn paragraph(text: &str) -> Block {
    Block::Paragraph(vec![say(text)])
}

fn link(text: &str, href: &str, domain: &str) -> Inline {
    Inline::Link(Link { text: text.into(), href: href.into(), domain: domain.into() })
}

#[test]
fn words_and_what_is_said_of_them() {
    let read = tree("<h1>Avis</h1>\n<p>Votre <b>quittance</b> est <i>prête</i>.<br>À bientôt<p>L&rsquo;équipe<hr>");
    let line = vec![
        say("Votre "),
        Inline::Strong("quittance".into()),
        say(" est "),
        Inline::Emphasis("prête".into()),
        say("."),
        Inline::Break,
        say("À bientôt"),
    ];
    let title = Block::Heading { level: 2, text: vec![say("Avis")] };
    assert_eq!(read, [title, Block::Paragraph(line), paragraph("L’équipe"), Block::Rule]);
}

#[test]
fn blanks_are_what_a_browser_would_show() {
    assert_eq!(tree("  un\n\t deux <span> trois</span>\n<b> </b>quatre  "), [paragraph("un deux trois quatre")]);
    assert_eq!(tree("un<br><br>deux<br>"), [paragraph("un"), paragraph("deux")]);
    assert_eq!(tree("<div>un</div>deux<div><div></div>&nbsp;</div>"), [paragraph("un"), paragraph("deux")]);
    assert_eq!(tree("<pre>a\n  b<br>c</pre>d"), [Block::Preformatted("a\n  b\nc".into()), paragraph("d")]);
    assert_eq!(tree("Bonjour&zwnj;&nbsp;&zwnj;&nbsp;&zwnj;&nbsp;&zwnj;&nbsp;"), [paragraph("Bonjour")]);
}

#[test]
fn lists_and_quotes() {
    let read = tree(
        "<ul><li>un<li><p>deux</p><ol start=3><li>trois</ol></ul><blockquote>avant<blockquote>plus tôt</blockquote></blockquote><li>seul",
    );
    let inner = Block::List { numbered_from: Some(3), items: vec![vec![paragraph("trois")]] };
    let list = Block::List { numbered_from: None, items: vec![vec![paragraph("un")], vec![paragraph("deux"), inner]] };
    let quote = Block::Quote(vec![paragraph("avant"), Block::Quote(vec![paragraph("plus tôt")])]);
    assert_eq!(read, [list, quote, paragraph("seul")]);
}

#[test]
fn a_table_that_names_its_columns_is_one_and_the_others_are_flow() {
    let cell = |heading, text: &str| Cell { heading, blocks: vec![paragraph(text)] };
    let real = tree("<table><caption>Loyer</caption><tr><th>Mois<th>Somme<tr><td>Mai<td>412</table>");
    let rows =
        vec![Row { cells: vec![cell(true, "Mois"), cell(true, "Somme")] }, Row { cells: vec![cell(false, "Mai"), cell(false, "412")] }];
    assert_eq!(real, [paragraph("Loyer"), Block::Table(rows.clone())]);

    let layout = tree("<table><tr><td><table><td><p>un</div></td><td>deux</table></td><td>trois</td></tr></table>");
    assert_eq!(layout, [paragraph("un"), paragraph("deux"), paragraph("trois")]);

    let around = tree("<table><tr><th>x</th></tr><tr><td><table><tr><th>Mois<th>Somme<tr><td>Mai<td>412</table></td></tr></table>");
    assert_eq!(around, [paragraph("x"), Block::Table(rows)]);
}

#[test]
fn links_lead_where_they_may() {
    let read = page(
        "<a href='https://exemple.fr/a'>Voir <b>ici</b></a> <a href=javascript:x>non</a> <a href=#x>ancre</a><a href=https://b.fr><img src=x></a>",
    );
    let expected = vec![link("Voir ici", "https://exemple.fr/a", "exemple.fr"), say(" non ancre"), link("b.fr", "https://b.fr/", "b.fr")];
    assert_eq!(read.blocks, [Block::Paragraph(expected)]);
    assert_eq!(read.dead_links, 1);
    // A link around blocks is one link in each.
    let read = tree("<a href=https://b.fr><div>un</div><div>deux</div></a>trois");
    let expected = [vec![link("un", "https://b.fr/", "b.fr")], vec![link("deux", "https://b.fr/", "b.fr")], vec![say("trois")]];
    assert_eq!(read, expected.map(Block::Paragraph));
}

#[test]
fn pictures_are_withheld_and_counted() {
    let read = page(
        "<img src=https://a.fr/x.png alt='Notre logo'><img src=cid:photo%401 ><img src=https://spy.fr/ width=1 height=1><img alt=x><img src=y alt=''>",
    );
    let expected = vec![Inline::ImageWithheld { alt: "Notre logo".into() }, Inline::ImageWithheld { alt: String::new() }];
    assert_eq!(read.blocks, [Block::Paragraph(expected)]);
    assert_eq!(read.images, 4);
}

#[test]
fn the_pictures_that_a_letter_carries_stand_where_its_page_puts_them() {
    let raster = Raster { media: "image/png", width: 640, height: 480 };
    let own = Own::from([("photo@1".to_owned(), (3, raster)), ("spy".to_owned(), (4, Raster { width: 1, ..raster }))]);
    let source = "un <img src=CID:photo%401 alt=''> deux<img src=cid:spy><img src=cid:elsewhere alt=''>\
        <p><a href=https://b.fr><img src='cid:photo@1' alt='Lina'> voir</a> <a href=https://c.fr><img src='cid:photo@1'></a>";
    let read = read(source, &own, 1024);
    let picture = |alt: &str| Inline::Picture { index: 3, alt: alt.into(), raster };
    let expected = [
        vec![say("un "), picture(""), say(" deux")],
        vec![
            picture("Lina"),
            say(" "),
            link("voir", "https://b.fr/", "b.fr"),
            say(" "),
            picture(""),
            link("c.fr", "https://c.fr/", "c.fr"),
        ],
    ];
    assert_eq!(read.blocks, expected.map(Block::Paragraph));
    assert_eq!((read.images, read.shown), (1, [3, 4].into()));
}

#[test]
fn hidden_words_are_not_shown_and_it_is_said() {
    let read = page("<div style='display:none'>un<p>deux</div><span hidden>trois</span><p style='visibility:hidden'>quatre<p>cinq");
    assert_eq!((read.blocks, read.hidden), (vec![paragraph("cinq")], true));
    let read = page("<div style='font-size:0'> <table><tr><td style='font-size:13px'>visible</table></div>");
    assert_eq!((read.blocks, read.hidden), (vec![paragraph("visible")], false), "a layout that sets sizes apart");
    assert!(page("<div style='font-size:0'>caché</div>").hidden);
}

#[test]
fn nothing_alive_comes_through() {
    let hostile = "<svg><a href=javascript:x><text>1</text></a><script>2</script></svg><math><mtext>3</mtext></math>\
        <template><p>4</p></template><select><option>5</select><object data=x>6</object><iframe srcdoc='<p>7'>8</iframe><noscript><p>9</noscript>\
        <style>a{}</style><title>10</title><textarea>11</textarea><video>12</video><p onclick=x style='background:url(x)'>vu</p>\
        <form action=x><input value=13><button>bouton</button></form><math><style><img src=x onerror=y></style></math><!--<p>14-->";
    assert_eq!(tree(hostile), [paragraph("vu"), paragraph("bouton")]);
}

#[test]
fn a_page_of_any_depth_or_length_is_bounded() {
    let deep = page(&"<div><b><table><tr><td><ul><li><blockquote>".repeat(20_000));
    assert!(deep.deep && deep.blocks.is_empty());
    let deep = page(&["<blockquote>".repeat(400), "fond".into(), "</blockquote>".repeat(400), "après".into()].concat());
    assert_eq!(deep.blocks.last(), Some(&paragraph("après")));

    let long = read(&"<p>mot".repeat(100_000), &Own::new(), 1000);
    assert!(long.cut && long.blocks.len() < 100);
    let long = read(&"é".repeat(100_000), &Own::new(), 1001);
    assert_eq!((long.cut, long.blocks), (true, vec![paragraph(&"é".repeat(500))]));
    let many = (0..200_000).map(|n| format!("a{n}")).collect::<Vec<_>>().join(" ");
    assert_eq!(tree(&format!("<a {many}>x")), [paragraph("x")]);
}
