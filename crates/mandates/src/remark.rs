//! What people write in their own words: a remark, a reason, what is not normal. Kept sealed, shown as text.

/// The longest text, in characters: half a page.
pub const LONGEST: usize = 1000;

/// Longer than [`LONGEST`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooLong;

/// The text without what cannot be seen; none when nothing is left.
pub(crate) fn parse(typed: &str) -> Result<Option<String>, TooLong> {
    let seen = |c: &char| {
        *c == '\n' || !(c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'))
    };
    let text: String = typed.replace("\r\n", "\n").chars().filter(seen).collect();
    let text = text.trim();
    if text.chars().count() > LONGEST {
        return Err(TooLong);
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_left_out_and_what_is_too_long_is_said() {
        assert_eq!(parse(" vu\u{202e} avec\r\nNadia\0 "), Ok(Some("vu avec\nNadia".into())));
        assert_eq!(parse(" \u{200b}\n"), Ok(None));
        assert_eq!(parse(&"é".repeat(LONGEST)).map(|text| text.is_some()), Ok(true));
        assert_eq!(parse(&"é".repeat(LONGEST + 1)), Err(TooLong));
    }
}
