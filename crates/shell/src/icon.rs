//! The pictures beside words. Never alone, hence hidden from those who listen to the page.
//!
//! Each is drawn in place, as strokes on a grid of 24: nothing to fetch, nothing that flashes, nothing that the
//! policy of the page has to allow. A picture that comes back on a page costs a few bytes: gzip has seen it.

use std::fmt;

use askama::filters::HtmlSafe;

/// A picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "a picture says what it is")]
pub enum Icon {
    Back,
    Bin,
    Book,
    Chart,
    Check,
    Clock,
    Contact,
    Document,
    Folder,
    Forbidden,
    Key,
    Letter,
    Listen,
    Lock,
    Pen,
    People,
    Person,
    Phone,
    Plus,
    Print,
    Reply,
    Search,
    SignOut,
    Stop,
    Undo,
    Unknown,
    Verified,
    Warning,
}

impl Icon {
    /// All of them.
    pub const ALL: [Self; 28] = [
        Self::Back,
        Self::Bin,
        Self::Book,
        Self::Chart,
        Self::Check,
        Self::Clock,
        Self::Contact,
        Self::Document,
        Self::Folder,
        Self::Forbidden,
        Self::Key,
        Self::Letter,
        Self::Listen,
        Self::Lock,
        Self::Pen,
        Self::People,
        Self::Person,
        Self::Phone,
        Self::Plus,
        Self::Print,
        Self::Reply,
        Self::Search,
        Self::SignOut,
        Self::Stop,
        Self::Undo,
        Self::Unknown,
        Self::Verified,
        Self::Warning,
    ];

    const fn strokes(self) -> &'static str {
        match self {
            Self::Back => "M20 12H5m6-6.5L4.5 12l6.5 6.5",
            Self::Bin => "M4 7h16M9.5 7V4h5v3M6 7l1 14h10l1-14m-8 4v6m4-6v6",
            Self::Book => "M6 3h13v18H6a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm3 0v18m4-13h3m-3 4h3",
            Self::Chart => "M4 4v16h16M8.5 16v-4M13 16V7m4.5 9v-6.5",
            Self::Check => "M4.5 12.5l5 5L19.5 6.5",
            Self::Clock => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 4.5V12l3 2.5",
            Self::Contact => {
                "M6 3h12a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 18 21H6zM3.5 8H8m-4.5 4H8m-4.5 4H8m5-9a2.3 2.3 0 1 0 0 4.6A2.3 2.3 0 0 0 13 7zm-3 10c0-2.3 1.3-3.4 3-3.4s3 1.1 3 3.4"
            }
            Self::Document => "M6 3h8l4 4v14H6zm8 0v4h4M9 12h6m-6 4h6",
            Self::Folder => "M3 7a2 2 0 0 1 2-2h4.5l2 2.5H19a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z",
            Self::Forbidden => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM5.7 5.7l12.6 12.6",
            Self::Key => "M8 11a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zm3.2 1.3L20 3.5m-3 3l2.5 2.5M14 9.5l2 2",
            Self::Letter => "M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2zM3.5 7l8.5 6.5L20.5 7",
            Self::Listen => "M4 9.5v5h4l5 4v-13l-5 4zM16.5 9a4.2 4.2 0 0 1 0 6M19 6a8.5 8.5 0 0 1 0 12",
            Self::Lock => "M7 11h10a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2zm1 0V8a4 4 0 0 1 8 0v3",
            Self::Pen => "M4 20l1.2-5L16 4.2 19.8 8 9 18.8zM13.5 6.7l3.8 3.8",
            Self::People => {
                "M8.5 4.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM2.5 20c0-4 2.7-6 6-6s6 2 6 6m1-14.7a3 3 0 0 1 0 5.4m2 3.6c2.5.6 4 2.5 4 5.7"
            }
            Self::Person => "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 21c0-4.7 3.5-7 7.5-7s7.5 2.3 7.5 7",
            Self::Phone => "M5 3h4l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5a2 2 0 0 1 2-2z",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Print => "M7 9V3h10v6M7 17H5a2 2 0 0 1-2-2v-4a2 2 0 0 1 2-2h14a2 2 0 0 1 2 2v4a2 2 0 0 1-2 2h-2M7 14h10v7H7z",
            Self::Reply => "M9 6L3.5 11.5 9 17m-5-5.5h10.5a6 6 0 0 1 6 6V19",
            Self::Search => "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm5 11.5L21 21",
            Self::SignOut => "M13 4H5v16h8m-3-8h11m-4-4l4 4-4 4",
            Self::Stop => "M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7zM9 9l6 6m0-6l-6 6",
            Self::Undo => "M9 5.5L3.5 11 9 16.5M4 11h10.5a5 5 0 0 1 0 10H11",
            Self::Unknown => "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.3 9.5a2.7 2.7 0 1 1 3.9 2.4c-.8.4-1.2 1-1.2 1.9m0 3.2v.1",
            Self::Verified => "M12 3l8 3v5.5c0 5-3.5 8-8 9.5-4.5-1.5-8-4.5-8-9.5V6zm-4 9l3 3 5-6",
            Self::Warning => "M12 3.5L2.5 20h19zM12 10v5m0 2.6v.1",
        }
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"{}\"/></svg>", self.strokes())
    }
}

// Our own markup, without a foreign character in it.
impl HtmlSafe for Icon {}
