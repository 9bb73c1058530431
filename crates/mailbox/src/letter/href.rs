//! Where a link may lead: `http`, `https`, `mailto`, `tel`. Anything else is no link.
//!
//! Read by the rules that browsers follow (WHATWG URL), for a check that reads otherwise than the browser checks nothing:
//! tabs inside `java script:`, back slashes, percent signs in a host. A user name in the host is refused
//! (`https://ameli.fr@evil.example/`), so is a bare IP address, so is anything relative.

use maincourante_kernel::address::MailAddress;
use url::{Host, Url};

/// Longer than any link that means well.
const LONGEST: usize = 4096;

/// A destination that may be shown.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) struct Destination {
    pub href: String,
    pub domain: String,
}

/// Where `written` leads, if one may go there.
pub(crate) fn read(written: &str) -> Option<Destination> {
    if written.len() > LONGEST {
        return None;
    }
    let url = Url::parse(written.trim()).ok()?;
    match url.scheme() {
        "http" | "https" => {
            let Some(Host::Domain(domain)) = url.host() else { return None };
            let named = url.username().is_empty() && url.password().is_none() && domain.contains('.');
            named.then(|| Destination { domain: domain.to_owned(), href: url.to_string() })
        }
        "mailto" => {
            // Subject and body are dropped: the page that writes a letter asks the person for them.
            let address: MailAddress = percent_decoded(url.path())?.parse().ok()?;
            Some(Destination { href: format!("mailto:{address}"), domain: address.to_string() })
        }
        "tel" => {
            let number: String = url.path().chars().filter(|c| c.is_ascii_digit() || *c == '+').take(20).collect();
            (number.len() > 1).then(|| Destination { href: format!("tel:{number}"), domain: number })
        }
        _ => None,
    }
}

/// The text behind `%C3%A9`.
pub(crate) fn percent_decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        let escaped = match (byte, tail) {
            (b'%', [high, low, tail @ ..]) => {
                super::transfer::hex(*high).zip(super::transfer::hex(*low)).map(|(high, low)| (high * 16 + low, tail))
            }
            _ => None,
        };
        match escaped {
            Some((byte, tail)) => {
                bytes.push(byte);
                rest = tail;
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(written: &str) -> Option<(String, String)> {
        read(written).map(|to| (to.href, to.domain))
    }

    #[test]
    fn honest_links_lead_somewhere() {
        let to = |href: &str, domain: &str| Some((href.to_owned(), domain.to_owned()));
        assert_eq!(lead(" HTTPS://www.Ameli.fr/é?x=1 "), to("https://www.ameli.fr/%C3%A9?x=1", "www.ameli.fr"));
        assert_eq!(lead("http://exemple.fr:8080"), to("http://exemple.fr:8080/", "exemple.fr"));
        assert_eq!(lead("mailto:jo%2Ba@exemple.fr?subject=x&bcc=y@z.fr"), to("mailto:jo+a@exemple.fr", "jo+a@exemple.fr"));
        assert_eq!(lead("tel:+33 1-23-45"), to("tel:+3312345", "+3312345"));
        assert_eq!(lead("https://аmeli.fr/").unwrap().1, "xn--meli-43d.fr", "a look-alike shows what it is");
    }

    #[test]
    fn the_others_lead_nowhere() {
        for bad in [
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            " \u{1}javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "//evil.example",
            "/relative",
            "page.html",
            "#top",
            "https://ameli.fr@evil.example/",
            "https://a:b@evil.example/",
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://[::1]/",
            "http://localhost/",
            "https://",
            "mailto:",
            "mailto:a@b.fr\r\nBcc:c@d.fr",
            "mailto:a@b.fr,c@d.fr",
            "tel:",
            "blob:x",
            "cid:picture@1",
        ] {
            assert_eq!(lead(bad), None, "{bad}");
        }
        assert_eq!(lead(&format!("https://exemple.fr/{}", "x".repeat(LONGEST))), None);
    }
}
