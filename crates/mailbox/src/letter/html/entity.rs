//! Character references: `&eacute;`, `&#233;`, `&#xE9;` (HTML standard, section 13.5, the names of HTML 4).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The names of U+00A0 to U+00FF, in order.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot \
    cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave \
    Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute \
    acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml \
    divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

/// The others: marks, Greek, arrows, mathematics.
const OTHERS: &str = "quot \" amp & lt < gt > apos ' OElig Œ oelig œ Scaron Š scaron š Yuml Ÿ circ ˆ tilde ˜ ensp \u{2002} emsp \u{2003} thinsp \u{2009} \
    zwnj \u{200c} zwj \u{200d} ndash – mdash — lsquo ‘ rsquo ’ sbquo ‚ ldquo “ rdquo ” bdquo „ dagger † Dagger ‡ permil ‰ lsaquo ‹ rsaquo › \
    euro € fnof ƒ bull • hellip … prime ′ Prime ″ oline ‾ frasl ⁄ image ℑ weierp ℘ real ℜ trade ™ alefsym ℵ larr ← uarr ↑ rarr → darr ↓ \
    harr ↔ crarr ↵ lArr ⇐ uArr ⇑ rArr ⇒ dArr ⇓ hArr ⇔ forall ∀ part ∂ exist ∃ empty ∅ nabla ∇ isin ∈ notin ∉ ni ∋ prod ∏ sum ∑ minus − \
    lowast ∗ radic √ prop ∝ infin ∞ ang ∠ and ∧ or ∨ cap ∩ cup ∪ int ∫ there4 ∴ sim ∼ cong ≅ asymp ≈ ne ≠ equiv ≡ le ≤ ge ≥ sub ⊂ sup ⊃ \
    nsub ⊄ sube ⊆ supe ⊇ oplus ⊕ otimes ⊗ perp ⊥ sdot ⋅ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lang ⟨ rang ⟩ loz ◊ spades ♠ clubs ♣ hearts ♥ \
    diams ♦ Alpha Α Beta Β Gamma Γ Delta Δ Epsilon Ε Zeta Ζ Eta Η Theta Θ Iota Ι Kappa Κ Lambda Λ Mu Μ Nu Ν Xi Ξ Omicron Ο Pi Π Rho Ρ \
    Sigma Σ Tau Τ Upsilon Υ Phi Φ Chi Χ Psi Ψ Omega Ω alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ \
    lambda λ mu μ nu ν xi ξ omicron ο pi π rho ρ sigmaf ς sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω thetasym ϑ upsih ϒ piv ϖ \
    check ✓ checkmark ✓ phone ☎ star ☆ starf ★ NewLine \u{a} Tab \u{9} zerowidthspace \u{200b} ZeroWidthSpace \u{200b}";

/// What the numbers 128 to 159 mean: those who write them think in windows-1252.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–',
    '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text with its references resolved; an ampersand that begins none stays.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('&');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (c, length) = reference(piece).unwrap_or(('&', 0));
        out.push(c);
        out.push_str(&piece[length..]);
    }
    Cow::Owned(out)
}

/// The character that `piece` begins by naming, and the length of the name.
fn reference(piece: &str) -> Option<(char, usize)> {
    if let Some(number) = piece.strip_prefix('#') {
        let (digits, radix, before) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 2),
            None => (number, 10, 1),
        };
        let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        if length == 0 {
            return None;
        }
        let c = u32::from_str_radix(&digits[..length.min(8)], radix).map_or('\u{fffd}', character);
        return Some((c, before + length + usize::from(digits[length..].starts_with(';'))));
    }
    let length = piece.bytes().take(16).position(|byte| !byte.is_ascii_alphanumeric())?;
    let c = named(&piece[..length])?;
    // Without its semicolon, `&copy=1` is a part of an address.
    piece[length..].starts_with(';').then_some((c, length + 1))
}

fn character(number: u32) -> char {
    match number {
        0 => '\u{fffd}',
        128..=159 => WINDOWS[number as usize - 128],
        _ => char::from_u32(number).unwrap_or('\u{fffd}'),
    }
}

fn named(name: &str) -> Option<char> {
    static NAMES: LazyLock<HashMap<&str, char>> = LazyLock::new(|| {
        let latin = LATIN.split_ascii_whitespace().zip('\u{a0}'..='\u{ff}');
        let mut words = OTHERS.split(' ').filter(|word| !word.is_empty());
        let pairs = std::iter::from_fn(move || Some((words.next()?, words.next()?.chars().next()?)));
        latin.chain(pairs).collect()
    });
    NAMES.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved() {
        assert_eq!(decode("caf&eacute; &amp; th&#233; &#xE9;&#8364;&#128;&nbsp;&euro;&rsquo;"), "café & thé é€€\u{a0}€’");
        assert_eq!(decode("&Eacute;&yuml;&AElig;&Omega;&diams;&zwnj;&quot;"), "ÉÿÆΩ♦\u{200c}\"");
        assert_eq!(decode("a&b=1&copy=2 &unheard; &; & &#; &#x;"), "a&b=1&copy=2 &unheard; &; & &#; &#x;");
        assert_eq!(decode("&#0;&#xD800;&#99999999999999;"), "\u{fffd}\u{fffd}\u{fffd}");
        assert_eq!(decode("&ensp;&amp;lt;"), "\u{2002}&lt;", "resolved once");
    }

    #[test]
    fn every_name_of_the_table_has_its_character() {
        let words: Vec<_> = OTHERS.split(' ').filter(|word| !word.is_empty()).collect();
        for pair in words.chunks(2) {
            assert!(pair[0].chars().all(|c| c.is_ascii_alphanumeric()) && pair[1].chars().count() == 1, "{pair:?}");
        }
        assert_eq!(named("yuml"), Some('ÿ'));
    }
}
