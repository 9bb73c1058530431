//! Text that the sender hid: what a `style` attribute says of being seen, and nothing else of it.
//!
//! Newsletters hide a summary for lists; frauds hide words meant for filters. Neither is for the reader.
//! Only what is written on the element itself is understood: style sheets are dropped unread.

/// What a style says of the element's visibility.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Seen {
    /// The element and all that it holds are hidden.
    pub hidden: bool,
    /// Letters of no size: true until an element inside gives them one. Layouts do this around real text.
    pub no_size: Option<bool>,
}

/// Reads a `style` attribute.
pub(crate) fn read(style: &str) -> Seen {
    let mut seen = Seen::default();
    let (mut flat, mut clipped) = (false, false);
    for declaration in style.split(';').take(200) {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let value = value.trim().to_ascii_lowercase();
        let value = value.strip_suffix("!important").unwrap_or(&value).trim();
        let nothing = is_zero(value);
        match name.trim().to_ascii_lowercase().as_str() {
            "display" => seen.hidden |= value == "none",
            "visibility" => seen.hidden |= matches!(value, "hidden" | "collapse"),
            "mso-hide" => seen.hidden |= value == "all",
            "opacity" => seen.hidden |= nothing,
            "color" => seen.hidden |= value == "transparent",
            "font-size" => seen.no_size = Some(nothing),
            "max-height" | "height" | "max-width" => flat |= nothing,
            "overflow" => clipped |= value == "hidden",
            _ => {}
        }
    }
    seen.hidden |= flat && clipped;
    seen
}

/// `0`, `0px`, `0.0em`, `0%`; one pixel is no size either.
fn is_zero(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    value == "1px" || number.parse::<f32>().is_ok_and(|number| number.abs() < 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_and_seen() {
        for hidden in
            ["DISPLAY : none !important", "color:red;visibility:hidden", "max-height:0;overflow:hidden", "opacity:0.0", "mso-hide:all"]
        {
            assert!(read(hidden).hidden, "{hidden}");
        }
        for seen in ["display:block", "max-height:0", "opacity:0.9", "height:10px;overflow:hidden", "", ";;:", "color:#fff"] {
            assert!(!read(seen).hidden, "{seen}");
        }
        assert_eq!(read("font-size:0px").no_size, Some(true));
        assert_eq!(read("font-size:13px").no_size, Some(false));
        assert_eq!(read("font-size:inherit").no_size, Some(false));
    }
}
