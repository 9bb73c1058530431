//! Letters as they are in the wild, and letters that nobody should be able to write.

use maincourante_kernel::Timestamp;
use proptest::prelude::*;

use super::tree::{Block, DEPTH, Inline};
use super::{Kind, Raster, Remark, SafeView, attachment, heading, read};

fn words(view: &SafeView) -> String {
    super::tree::plain(&view.body)
}

const OFFICIAL: &str = "From: =?utf-8?Q?Assurance_Maladie?= <ne-pas-repondre@assurance-maladie.example>\r\n\
To: Josette Lambert <josette.lambert@exemple-mail.fr>\r\nSubject: =?utf-8?B?Vm90cmUgYXR0ZXN0YXRpb24g4oCUIHByw6p0ZQ==?=\r\n\
Date: Sun, 22 Nov 2026 09:12:00 +0100\r\nMessage-ID: <1@am.example>\r\nReferences: <0@am.example>\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/related; boundary=r\r\n\r\n--r\r\n\
Content-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nVoir la page.\r\n--a\r\n\
Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
<p>Bonjour <b>Madame</b>,</p><img src=3D\"cid:logo\" alt=3D\"Logo\"><p>Votre attestation est pr=C3=AAte.</p>\r\n--a--\r\n--r\r\n\
Content-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgoAAAANSUhEUgAAAMgAAABkCAYAAADDhn8L\r\n--r\r\n\
Content-Type: image/jpeg; name=photo.jpg\r\nContent-ID: <photo>\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/\r\n--r--\r\n--m\r\n\
Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*=utf-8''Attestation%20d%E2%80%99ao%C3%BBt.pdf\r\n\
Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQ=\r\n--m--\r\n";

#[test]
fn an_official_letter_with_a_logo_and_a_document() {
    let view = read(OFFICIAL.as_bytes());
    let from = view.from.clone().unwrap();
    assert_eq!((from.name.as_str(), from.address.unwrap().as_str()), ("Assurance Maladie", "ne-pas-repondre@assurance-maladie.example"));
    assert_eq!(view.subject, "Votre attestation — prête");
    assert_eq!(view.date, Some(Timestamp::from_micros(1_795_335_120_000_000)));
    assert_eq!(words(&view), "Bonjour Madame,\n\nLogo\n\nVotre attestation est prête.");
    assert_eq!(view.thread.to_string(), "<0@am.example> <1@am.example>");
    assert_eq!(view.remarks, [], "its own logo is shown");
    let carried: Vec<_> = view.attachments.iter().map(|one| (one.name.as_str(), one.media, one.kind, one.size)).collect();
    // The logo is of the page; the photograph is shown by nothing.
    assert_eq!(view.pictures.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["logo.png"]);
    let raster = Raster { media: "image/png", width: 200, height: 100 };
    let index = view.pictures[0].index;
    assert!(inlines(&view.body).contains(&&Inline::Picture { index, alt: "Logo".into(), raster }));
    assert_eq!(maincourante_kernel::raster::of(&attachment(OFFICIAL.as_bytes(), index).unwrap()), Some(raster));
    assert_eq!(view.attachments[0].raster, None, "three bytes are no photograph");
    assert_eq!(carried, [("photo.jpg", "image/jpeg", Kind::Picture, 3), ("Attestation d’août.pdf", "application/pdf", Kind::Pdf, 8)]);
    let index = view.attachments[1].index;
    assert_eq!(attachment(OFFICIAL.as_bytes(), index).unwrap(), b"%PDF-1.4");
    assert!(attachment(OFFICIAL.as_bytes(), 0).is_none(), "the text is not an attachment");
    assert!(attachment(OFFICIAL.as_bytes(), 99).is_none());
}

#[test]
fn a_list_reads_the_head_alone() {
    let head = OFFICIAL.split_once("\r\n\r\n").unwrap().0;
    let view = read(OFFICIAL.as_bytes());
    let heading = heading(head.as_bytes());
    assert_eq!((heading.from, heading.to, heading.subject, heading.date), (view.from, view.to, view.subject, view.date));
}

#[test]
fn alternatives_whose_page_says_nothing_fall_back_on_the_text() {
    let letter = |page: &str| {
        format!(
            "From: a@b.fr\nContent-Type: multipart/alternative; boundary=a\n\n--a\n\nle texte\n--a\nContent-Type: text/html\n\n{page}\n--a--"
        )
    };
    assert_eq!(words(&read(letter("<p>la page").as_bytes())), "la page");
    assert_eq!(words(&read(letter("<img src=https://x.fr/tout.png alt=''>").as_bytes())), "le texte");
}

#[test]
fn an_invitation_and_a_forwarded_letter_are_carried() {
    let letter = b"From: a@b.fr\nContent-Type: multipart/mixed; boundary=a\n\n--a\n\nbonjour\n--a\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n\
        --a\nContent-Type: message/rfc822\n\nSubject: dedans\n\n<b>texte</b>\n--a\nContent-Type: text/plain; name=notes.txt\n\nnotes\n--a--";
    let view = read(letter);
    assert_eq!(words(&view), "bonjour");
    let carried: Vec<_> = view.attachments.iter().map(|one| (one.name.as_str(), one.kind)).collect();
    assert_eq!(carried, [("document.ics", Kind::Event), ("document.eml", Kind::Letter), ("notes.txt", Kind::Text)]);
}

#[test]
fn broken_letters_are_read_with_remarks() {
    let view = read(b"");
    assert_eq!((view.from.is_none(), view.subject.as_str(), view.body.len()), (true, "", 0));
    assert_eq!(view.remarks, [Remark::UnreadableSender, Remark::Empty]);

    let view = read(b"From: a@b.fr, c@d.fr\nReply-To: e@f.fr\nContent-Type: text/plain; charset=utf-8\n\n\xe9t\xe9");
    assert_eq!((words(&view).as_str(), view.remarks), ("été", vec![Remark::SeveralSenders, Remark::Damaged]));
    assert_eq!(view.reply_to.unwrap().label(), "e@f.fr");

    let view = read(b"From: Service <service>\nSubject: x\nDate: yesterday\n\nbonjour");
    assert_eq!((view.from.unwrap().label(), view.date), ("Service", None));
    assert_eq!(view.remarks, [Remark::UnreadableSender]);

    let long = ["From: a@b.fr\n\n", &"é".repeat(600_000), "fin"].concat();
    let view = read(long.as_bytes());
    assert_eq!(view.remarks, [Remark::Cut]);
    assert!(words(&view).len() == super::TEXT);
}

#[test]
fn a_letter_of_25_megabytes_is_read_in_bounded_time_and_depth() {
    let shapes = [
        "Content-Type: message/rfc822\n\n".repeat(800_000),
        "Content-Type: multipart/mixed; boundary=x\n\n--x\n".repeat(400_000),
        ["Content-Type: text/html\n\n", &"<div><b x=1>".repeat(1_500_000)].concat(),
        ["Content-Type: text/html\n\n", &"</b><p>&zz;".repeat(2_000_000)].concat(),
        ["From: ", &"(".repeat(20_000_000), "\n\nx"].concat(),
        ["From: ", &"a@b.fr,".repeat(3_000_000), "\n\nx"].concat(),
        ["Subject: ", &"=?utf-8?q?".repeat(2_000_000), "\n\nx"].concat(),
        ["Content-Type: text/plain", &"; a*0*=b".repeat(2_000_000), "\n\nx"].concat(),
        ["\n", &">".repeat(20_000_000)].concat(),
        ["\n", &"http://a.fr/))))((((".repeat(1_000_000)].concat(),
    ];
    for shape in shapes {
        read(shape.as_bytes());
    }
}

/// Walks a view as a template does; gives its depth.
fn depth(blocks: &[Block]) -> usize {
    let inner = |block: &Block| match block {
        Block::Paragraph(_) | Block::Heading { .. } | Block::Preformatted(_) | Block::Rule => 0,
        Block::List { items, .. } => 1 + items.iter().map(|item| depth(item)).max().unwrap_or(0),
        Block::Quote(blocks) => 1 + depth(blocks),
        Block::Table(rows) => 1 + rows.iter().flat_map(|row| &row.cells).map(|cell| depth(&cell.blocks)).max().unwrap_or(0),
    };
    blocks.iter().map(inner).max().unwrap_or(0)
}

fn inlines(blocks: &[Block]) -> Vec<&Inline> {
    let one = |block| match block {
        &Block::Paragraph(ref text) | &Block::Heading { ref text, .. } => text.iter().collect(),
        Block::List { items, .. } => items.iter().flat_map(|item| inlines(item)).collect(),
        Block::Quote(blocks) => inlines(blocks),
        Block::Table(rows) => rows.iter().flat_map(|row| &row.cells).flat_map(|cell| inlines(&cell.blocks)).collect(),
        Block::Preformatted(_) | Block::Rule => Vec::new(),
    };
    blocks.iter().flat_map(one).collect::<Vec<_>>()
}

/// What holds of any letter whatever.
fn is_safe(view: &SafeView) {
    assert!(depth(&view.body) <= DEPTH + 1);
    let foul = |text: &str| {
        text.chars().any(|c| {
            (c.is_control() && c != '\n' && c != '\t') || ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c)
        })
    };
    for inline in inlines(&view.body) {
        match inline {
            Inline::Text(text)
            | Inline::Strong(text)
            | Inline::Emphasis(text)
            | Inline::Picture { alt: text, .. }
            | Inline::ImageWithheld { alt: text } => {
                assert!(!foul(text));
            }
            Inline::Link(link) => {
                assert!(!foul(&link.text) && !link.text.is_empty() && !foul(&link.href));
                assert!(["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| link.href.starts_with(scheme)));
            }
            Inline::Break => {}
        }
    }
    for sender in view.from.iter().chain(&view.to).chain(&view.copied_to).chain(&view.reply_to) {
        assert!(!foul(&sender.name) && !sender.name.contains('\n'));
    }
    assert!(!foul(&view.subject) && !view.subject.contains('\n'));
    for carried in &view.attachments {
        assert!(
            !carried.name.is_empty() && !carried.name.contains(['/', '\\', '"', '\n', '\r']) && !foul(&carried.name),
            "{}",
            carried.name
        );
        assert!(!["text/html", "image/svg+xml", "text/xml", "application/xml"].contains(&carried.media));
    }
}

/// Letters that another program writes.
mod written_elsewhere {
    use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

        #[test]
        fn are_read_as_they_were_meant(name in "[a-zéèàçœ’,\"().@ -]{0,60}", subject in "[\\PC&&[^\u{ad}\u{200b}-\u{206f}]]{0,80}",
            text in "[a-zA-Z0-9éàœ€ .=?>\n-]{0,400}", file in "[a-zéà][a-zéà '_-]{0,39}", bytes: Vec<u8>) {
            // As the house does: lettre loses one of two blanks between words that it encodes.
            let subject = super::super::one_line(&subject);
            let letter = Message::builder()
                .from(Mailbox::new(Some(name.clone()), "josette@exemple.fr".parse().unwrap()))
                .to("rene@exemple.fr".parse().unwrap())
                .date(std::time::UNIX_EPOCH)
                .subject(subject.as_str())
                .multipart(MultiPart::mixed()
                    .multipart(MultiPart::alternative().singlepart(SinglePart::plain("autre".to_owned())).singlepart(SinglePart::html(format!("<pre>{text}</pre>"))))
                    .singlepart(Attachment::new(format!("{file}.pdf")).body(bytes.clone(), "application/pdf".parse().unwrap())))
                .unwrap()
                .formatted();
            let view = read(&letter);
            let blanks = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            prop_assert_eq!(&view.from.as_ref().unwrap().name, &blanks(&name));
            prop_assert_eq!(&view.subject, &subject);
            let shown = words(&view);
            let expected = if text.trim().is_empty() { "autre" } else { &text };
            prop_assert_eq!(blanks(&shown), blanks(expected));
            prop_assert_eq!(view.attachments.len(), 1);
            prop_assert_eq!(attachment(&letter, view.attachments[0].index).unwrap(), bytes);
            prop_assert_eq!(blanks(&view.attachments[0].name), blanks(&format!("{}.pdf", if file.trim().is_empty() { "document" } else { file.trim() })));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_at_all_give_a_safe_view(bytes: Vec<u8>) {
        is_safe(&read(&bytes));
        let page = [b"Content-Type: text/html\n\n", bytes.as_slice()].concat();
        is_safe(&read(&page));
    }

    #[test]
    fn a_letter_altered_anyhow_gives_a_safe_view(cuts in prop::collection::vec((0..OFFICIAL.len(), 0_usize..40, prop::collection::vec(any::<u8>(), 0..12)), 1..8)) {
        let mut bytes = OFFICIAL.as_bytes().to_vec();
        for (at, length, put) in cuts {
            let at = at.min(bytes.len());
            let end = (at + length).min(bytes.len());
            bytes.splice(at..end, put);
        }
        let view = read(&bytes);
        is_safe(&view);
        for carried in &view.attachments {
            prop_assert_eq!(attachment(&bytes, carried.index).map(|one| one.len()), Some(carried.size));
        }
    }

    #[test]
    fn a_page_of_any_tags_gives_a_safe_view(pieces in prop::collection::vec(
        prop::sample::select(vec!["<p>", "</p>", "<b>", "</b>", "<a href='https://x.fr'>", "<a href=javascript:x>", "</a>", "<table>", "</table>", "<tr>",
            "<td>", "<th>", "</td>", "<ul>", "<ol start=9>", "<li>", "</ul>", "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<h1>", "</h1>",
            "<div style=display:none>", "</div>", "<svg>", "</svg>", "<script>", "</script>", "<br>", "<hr>", "<img src=x>", "<!--", "-->", "mot", " ", "&amp;", "<", "\u{202e}"]), 0..120)) {
        let view = read(["Content-Type: text/html; charset=utf-8\n\n", &pieces.concat()].concat().as_bytes());
        is_safe(&view);
    }
}
