//! Takes out of a foreign text what a person cannot see and a machine obeys: control characters, direction
//! overrides (a name that reads backwards), invisible joiners and fillers (Unicode TR 36, section 2).
//!
//! Every string of a letter goes through here before it leaves this crate.

/// A text on one line: no control, no override, runs of blanks made one, nothing around it.
pub(crate) fn line(text: &str) -> String {
    line_up_to(text, usize::MAX)
}

/// The same, cut to at most `most` characters.
pub(crate) fn line_up_to(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut blank = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            blank = true;
        } else if !is_invisible(c) {
            if blank && !out.is_empty() {
                out.push(' ');
            }
            blank = false;
            out.push(c);
        }
    }
    match out.char_indices().nth(most) {
        Some((at, _)) => out[..at].trim_end().to_owned(),
        None => out,
    }
}

/// A text of several lines: its line ends and tabs are kept, everything else as in [`line`].
pub(crate) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => out.push('\n'),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || is_invisible(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Whether nothing of this text would be seen.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_invisible(c) || is_joiner(c))
}

/// Joiners have a use (emoji, Persian, Indian scripts) but show nothing alone.
pub(crate) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_and_controls_are_gone_and_words_stay() {
        assert_eq!(line("  Facture\u{202e}fdp.exe \r\n\tdu\u{0} mois\u{feff} "), "Facturefdp.exe du mois");
        assert_eq!(line("Été à l’œuvre 👩\u{200d}🌾"), "Été à l’œuvre 👩\u{200d}🌾");
        assert_eq!(text("a\r\nb\rc\u{2028}d\u{7}\te"), "a\nb\nc\nd\te");
        assert_eq!(line_up_to("éééé", 2), "éé");
        assert!(is_blank("\u{200c}\u{a0}\u{34f} \n"));
    }
}
