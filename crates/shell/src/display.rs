//! `/affichage`: text size and colours, chosen by the person and kept in a cookie.
//!
//! The form is in the frame of every page, so it carries no form token: what a stranger could do with it
//! is enlarge a text, and the origin of the request is checked all the same (`around`).

use axum::Form;
use axum::http::HeaderMap;
use maincourante_kernel::{Secret, clock::days};
use rust_i18n::t;
use serde::Deserialize;

use crate::{Answer, CookieName, Keep, Shell, With, go};

/// How the page is shown.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Display {
    /// The size of the text.
    pub size: TextSize,
    /// The colours.
    pub colours: Colours,
}

/// The size of the text, of which every other measure is a multiple.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum TextSize {
    /// 18 px.
    #[default]
    Normal,
    /// 22 px.
    Large,
    /// 28 px.
    Huge,
}

/// The colours of the screen.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Colours {
    /// As the device says.
    #[default]
    Auto,
    /// Dark ink on ledger paper.
    Light,
    /// Light ink on dark paper.
    Dark,
    /// White and yellow on black.
    Contrast,
}

impl TextSize {
    /// All of them, smallest first.
    pub const ALL: [Self; 3] = [Self::Normal, Self::Large, Self::Huge];

    /// The word in forms, cookies and style sheets.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Normal => "1",
            Self::Large => "2",
            Self::Huge => "3",
        }
    }

    /// What the button shows.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Normal => "A",
            Self::Large => "A+",
            Self::Huge => "A++",
        }
    }

    /// What is heard.
    pub fn say(self) -> String {
        match self {
            Self::Normal => t!("frame.size_1"),
            Self::Large => t!("frame.size_2"),
            Self::Huge => t!("frame.size_3"),
        }
        .into_owned()
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.word() == word)
    }
}

impl Colours {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Light, Self::Dark, Self::Contrast];

    /// The word in forms, cookies and style sheets.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
        }
    }

    /// What the button says.
    pub fn say(self) -> String {
        match self {
            Self::Auto => t!("frame.colours_auto"),
            Self::Light => t!("frame.colours_light"),
            Self::Dark => t!("frame.colours_dark"),
            Self::Contrast => t!("frame.colours_contrast"),
        }
        .into_owned()
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|colours| colours.word() == word)
    }
}

impl Display {
    /// What the cookie says; anything unreadable is the default.
    pub(crate) fn from_cookie(value: Option<&Secret<String>>) -> Self {
        let (size, colours) = value.and_then(|value| value.reveal().split_once('.')).unwrap_or_default();
        Self { size: TextSize::parse(size).unwrap_or_default(), colours: Colours::parse(colours).unwrap_or_default() }
    }

    fn to_cookie(self) -> Secret<String> {
        Secret::new(format!("{}.{}", self.size.word(), self.colours.word()))
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Fields {
    size: String,
    colours: String,
    back: String,
}

pub(crate) async fn submit(shell: Shell, headers: HeaderMap, Form(fields): Form<Fields>) -> Answer {
    let display = Display {
        size: TextSize::parse(&fields.size).unwrap_or(shell.display().size),
        colours: Colours::parse(&fields.colours).unwrap_or(shell.display().colours),
    };
    let cookie = shell.keep(CookieName::Display, &display.to_cookie(), Keep::For(days(365)));
    // The script asks without leaving the page: nothing to show.
    if headers.get("sec-fetch-dest").is_some_and(|dest| dest == "empty") {
        return Ok(axum::response::IntoResponse::into_response(axum::http::StatusCode::NO_CONTENT)).with(cookie);
    }
    go(own_path(&fields.back)).with(cookie)
}

/// A path of this site, or the home page: a form must not send people elsewhere.
pub(crate) fn own_path(back: &str) -> &str {
    let plain = back.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if plain && back.starts_with('/') && !back.starts_with("//") { back } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_comes_back_to_a_page_of_this_site_only() {
        assert_eq!(own_path("/messages?page=2"), "/messages?page=2");
        for elsewhere in ["", "messages", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: x"] {
            assert_eq!(own_path(elsewhere), "/", "{elsewhere}");
        }
    }

    #[test]
    fn a_choice_survives_its_cookie_and_nonsense_is_the_default() {
        let chosen = Display { size: TextSize::Huge, colours: Colours::Contrast };
        assert_eq!(Display::from_cookie(Some(&chosen.to_cookie())), chosen);
        for nonsense in ["", ".", "3", "4.red", "\"><script>"] {
            assert_eq!(Display::from_cookie(Some(&Secret::new(nonsense.into()))), Display::default(), "{nonsense}");
        }
    }
}
