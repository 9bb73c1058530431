//! The GSM-7 alphabet (3GPP TS 23.038, basic table). One character outside of it more than halves
//! the length of a message (70 instead of 160), so what is outside is folded to its nearest letter.

const BASIC: &str =
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// The text with every character in the basic table.
pub(crate) fn fold(text: &str) -> String {
    text.replace('œ', "oe").replace('Œ', "OE").chars().filter_map(nearest).collect()
}

fn nearest(c: char) -> Option<char> {
    if BASIC.contains(c) {
        return Some(c);
    }
    Some(match c {
        'ê' | 'ë' => 'e',
        'â' | 'á' | 'ã' => 'a',
        'î' | 'ï' | 'í' => 'i',
        'ô' | 'ó' | 'õ' => 'o',
        'û' | 'ú' => 'u',
        'ç' => 'c',
        'ÿ' | 'ý' => 'y',
        'À' | 'Á' | 'Â' | 'Ã' => 'A',
        'È' | 'Ê' | 'Ë' => 'E',
        'Î' | 'Ï' | 'Í' => 'I',
        'Ô' | 'Ó' | 'Õ' => 'O',
        'Û' | 'Ù' | 'Ú' => 'U',
        '’' | '‘' | '`' => '\'',
        '«' | '»' | '“' | '”' => '"',
        '–' | '—' | '\u{2011}' | '\u{ad}' => '-',
        c if c.is_whitespace() => ' ',
        c if c.is_control() || ('\u{200b}'..='\u{202e}').contains(&c) || ('\u{2060}'..='\u{2069}').contains(&c) => return None,
        _ => '?',
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_outside_the_alphabet_takes_its_nearest_letter() {
        assert_eq!(fold("L’aidant François reçoit « Noël »\u{a0}: à é è ù"), "L'aidant Francois recoit \" Noel \" : à é è ù");
        assert_eq!(fold("Sœur Œuvre"), "Soeur OEuvre");
        assert_eq!(fold("a\u{202e}b\u{200b}c"), "abc");
        assert!(fold("日本").chars().all(|c| c == '?'));
    }
}
