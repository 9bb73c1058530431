//! Names of people and places, as they will be printed, signed and told by the journal.
//!
//! A civil status is written in Latin letters, and so are the names of people here: nothing in them can pass for an empty
//! name, for someone else's, or for the rest of the sentence that tells it. A birthplace has digits and brackets too.

use crate::draft::Problem;

const LONGEST: usize = 80;
/// More marks than this on one letter write over the lines around it.
const MARKS: usize = 2;

/// The name of a person: Latin letters, spaces, hyphens and apostrophes.
pub(crate) fn of_person(typed: &str) -> Result<String, Problem> {
    parse(typed, |c| is_latin(c) || is_mark(c) || " -'’\u{2011}".contains(c))
}

/// The name of a place: `Paris 12e`, `Saint-Denis (La Réunion)`.
pub(crate) fn of_place(typed: &str) -> Result<String, Problem> {
    parse(typed, |c| is_latin(c) || is_mark(c) || c.is_ascii_digit() || " -'’.,()/\u{2011}".contains(c))
}

/// One space between words, no invisible nor direction-changing character, every other one allowed.
fn parse(typed: &str, allowed: impl Fn(char) -> bool) -> Result<String, Problem> {
    let visible: String = typed.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|&c| !is_invisible(c)).collect();
    let name = visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(if typed.trim().is_empty() { Problem::Missing } else { Problem::NotAName });
    }
    if name.chars().count() > LONGEST {
        return Err(Problem::TooLong);
    }
    let heaped = name.split(|c| !is_mark(c)).any(|marks| marks.chars().count() > MARKS);
    if heaped || name.starts_with(is_mark) || !name.chars().any(is_latin) || !name.chars().all(allowed) {
        return Err(Problem::NotAName);
    }
    Ok(name)
}

/// Basic Latin, Latin-1, Latin Extended-A, -B and Additional: French, Portuguese, Vietnamese, Turkish and Polish names.
fn is_latin(c: char) -> bool {
    c.is_alphabetic() && (c.is_ascii() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}'))
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_origin_pass_and_what_is_no_name_does_not() {
        for name in ["Josette", "N’Diaye-Lefèvre", "d'Aubigné", "Nguyễn Thị", "Şahin", "Łukasz", "Wo\u{302}z\u{301}niak", "Jean‑Marie"]
        {
            assert_eq!(of_person(name).as_deref(), Ok(name));
        }
        for not_a_name in
            ["\u{3164}", "\u{115f}\u{1160}", "Jоsette", "אבג", "X. Y", "X (rien)", "Louis 14", "<b>", "…", "'", "a\u{301}\u{301}\u{301}"]
        {
            assert_eq!(of_person(not_a_name), Err(Problem::NotAName), "{not_a_name}");
        }
        assert_eq!(of_person("\u{61c}\u{202e}Yasmina\u{2069} \u{200f}El\u{200b}-Amrani").as_deref(), Ok("Yasmina El-Amrani"));
        assert_eq!(of_place(" Paris  12e (75) ").as_deref(), Ok("Paris 12e (75)"));
        assert_eq!(of_place("75012"), Err(Problem::NotAName));
    }
}
