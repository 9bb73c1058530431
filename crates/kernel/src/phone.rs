//! Phone numbers of metropolitan France and its overseas territories.
//!
//! Only these are served: an open list of countries would let anyone make the service pay for
//! text messages to premium numbers abroad. Prefixes: ARCEP decision 2018-0881 (numbering plan).

use std::fmt;
use std::str::FromStr;

/// A phone number, stored as E.164 (`+33639981234`).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber {
    e164: String,
    kind: PhoneKind,
}

/// What a number can receive.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PhoneKind {
    /// Text messages and calls.
    Mobile,
    /// Calls only.
    Landline,
}

/// Why a text is not a number we serve.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadPhone {
    /// Nothing was written.
    Empty,
    /// Too few or too many digits, or characters that are not of a number.
    Malformed,
    /// A number of another country, or a premium number.
    NotServed,
}

/// National prefix of mobiles, country code. The fictitious range 06 39 98 comes before Mayotte's 0639.
const MOBILES: [(&str, &str); 13] = [
    ("63998", "33"),
    ("690", "590"),
    ("691", "590"),
    ("694", "594"),
    ("696", "596"),
    ("697", "596"),
    ("692", "262"),
    ("693", "262"),
    ("639", "262"),
    ("700", ""),
    ("6", "33"),
    ("7", "33"),
    ("8", ""),
];

/// National prefix of landlines overseas, country code. Elsewhere a landline is of metropolitan France.
const LANDLINES_OVERSEAS: [(&str, &str); 6] =
    [("590", "590"), ("594", "594"), ("596", "596"), ("262", "262"), ("263", "262"), ("269", "262")];

impl PhoneNumber {
    /// The number in E.164.
    pub fn e164(&self) -> &str {
        &self.e164
    }

    /// What it can receive.
    pub fn kind(&self) -> PhoneKind {
        self.kind
    }

    /// Its last two digits, the only ones ever shown: "le numéro qui finit par 34".
    pub fn last_digits(&self) -> &str {
        &self.e164[self.e164.len() - 2..]
    }

    /// The number as people write it: `06 39 98 12 34`.
    pub fn spoken(&self) -> String {
        let national: String = format!("0{}", &self.e164[self.e164.len() - 9..]);
        national.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).into_owned()).collect::<Vec<_>>().join("\u{a0}")
    }
}

impl FromStr for PhoneNumber {
    type Err = BadPhone;

    fn from_str(typed: &str) -> Result<Self, BadPhone> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(BadPhone::Empty);
        }
        let spaced = |c: char| c.is_whitespace() || matches!(c, '.' | '-' | '/' | '(' | ')' | '\u{2011}');
        let text: String = typed.chars().filter(|&c| !spaced(c)).collect();
        let (text, international) = match text.strip_prefix('+').or_else(|| text.strip_prefix("00")) {
            Some(rest) => (rest, true),
            None => (text.as_str(), false),
        };
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(BadPhone::Malformed);
        }
        let national = if international {
            let country = ["33", "590", "594", "596", "262"].into_iter().find(|code| text.starts_with(code)).ok_or(BadPhone::NotServed)?;
            // People write +33 (0)6 …: the trunk zero is dropped.
            let rest = &text[country.len()..];
            rest.strip_prefix('0').unwrap_or(rest)
        } else {
            text.strip_prefix('0').ok_or(BadPhone::Malformed)?
        };
        if national.len() != 9 {
            return Err(BadPhone::Malformed);
        }
        let number = |country: &str, kind| Self { e164: format!("+{country}{national}"), kind };
        if let Some((_, country)) = MOBILES.iter().find(|(prefix, _)| national.starts_with(prefix)) {
            return if country.is_empty() { Err(BadPhone::NotServed) } else { Ok(number(country, PhoneKind::Mobile)) };
        }
        if let Some((_, country)) = LANDLINES_OVERSEAS.iter().find(|(prefix, _)| national.starts_with(prefix)) {
            return Ok(number(country, PhoneKind::Landline));
        }
        match national.as_bytes()[0] {
            b'1'..=b'5' | b'9' => Ok(number("33", PhoneKind::Landline)),
            _ => Err(BadPhone::Malformed),
        }
    }
}

// A number is personal data: it does not reach a log by `{:?}`.
impl fmt::Debug for PhoneNumber {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("PhoneNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_form_however_it_is_written() {
        for typed in ["06 39 98 12 34", "0639981234", "+33 6 39 98 12 34", "0033639981234", "06.39.98.12.34", "+33 (0)6-39-98-12-34"] {
            assert_eq!(typed.parse::<PhoneNumber>().unwrap().e164(), "+33639981234", "{typed}");
        }
        let phone: PhoneNumber = "0639981234".parse().unwrap();
        assert_eq!(phone.kind(), PhoneKind::Mobile);
        assert_eq!(phone.last_digits(), "34");
        assert_eq!(phone.spoken(), "06\u{a0}39\u{a0}98\u{a0}12\u{a0}34");
    }

    #[test]
    fn overseas_mobiles_take_their_own_country_code() {
        for (typed, e164) in [
            ("0690 00 11 22", "+590690001122"),
            ("0692001122", "+262692001122"),
            ("0694001122", "+594694001122"),
            ("0696001122", "+596696001122"),
            ("0639011122", "+262639011122"),
            ("0590 20 30 40", "+590590203040"),
            ("0269 61 00 11", "+262269610011"),
            ("05 58 20 30 40", "+33558203040"),
        ] {
            assert_eq!(typed.parse::<PhoneNumber>().unwrap().e164(), e164);
        }
    }

    #[test]
    fn landlines_receive_calls_only_and_the_rest_is_refused() {
        assert_eq!("05 58 00 00 00".parse::<PhoneNumber>().unwrap().kind(), PhoneKind::Landline);
        assert_eq!("".parse::<PhoneNumber>().unwrap_err(), BadPhone::Empty);
        for typed in ["06 39 98 12", "abc", "12", "06399812345", "+", "639981234"] {
            assert_eq!(typed.parse::<PhoneNumber>().unwrap_err(), BadPhone::Malformed, "{typed}");
        }
        for typed in ["0899123456", "+44 7700 900123", "+1 202 555 0100", "0700123456"] {
            assert_eq!(typed.parse::<PhoneNumber>().unwrap_err(), BadPhone::NotServed, "{typed}");
        }
    }
}
