//! The page of a refusal that no page of the trade explains: what happened, that it is our doing, what one can do now, the reference.
//!
//! It stands in the frame of the page that was asked. On a lent screen it leads nowhere but back to what is lent.

use askama::Template;
use maincourante_kernel::calendar;
use maincourante_kernel::clock::seconds;
use rust_i18n::t;

use crate::broken::Typed;
use crate::{Broken, Icon, Shell, wait};

/// The one template of all of them.
#[derive(Template)]
#[template(path = "shell/refusal.html")]
pub(crate) struct Page {
    shell: Shell,
    title: String,
    sentences: Vec<String>,
    again: Again,
    /// Where the page leads when nothing better does; none where nobody knows a way that does not leave a lent screen.
    home: Option<&'static str>,
}

/// How to try again.
enum Again {
    /// It would give the same.
    No,
    /// By asking the page once more; after a form, the page where it stood.
    Link(String),
    /// By sending what was typed once more.
    Form(Typed),
}

impl Page {
    pub(crate) fn of(broken: &Broken, shell: Shell, typed: Option<Typed>) -> Self {
        let strayed = shell.is_astray();
        let shell = shell.shut_in();
        let word = broken.word();
        let mut sentences: Vec<String> = ["first", "second"]
            .map(|part| t!(format!("broken.{word}.{part}")).into_owned())
            .into_iter()
            .filter(|said| !said.is_empty())
            .collect();
        if let Broken::TooMany { wait: span } = broken {
            let opens = calendar::hour(shell.now().plus(*span).plus(seconds(59)));
            sentences = vec![t!("broken.too_many.first", wait = wait(*span), hour = opens).into_owned(), meanwhile(&shell)];
        }
        let again = match broken {
            Broken::Failure(_) | Broken::TooSlow => typed.map_or_else(|| Again::Link(shell.again()), Again::Form),
            Broken::Away(_) | Broken::TooMany { .. } | Broken::StaleForm | Broken::UnreadableForm | Broken::TooLong | Broken::NotAForm => {
                Again::Link(shell.again())
            }
            Broken::NotFound | Broken::WrongVerb | Broken::NotSignedIn(_) | Broken::Elsewhere { .. } => Again::No,
        };
        let again = if strayed { Again::No } else { again };
        let home = (!strayed).then_some(shell.home());
        Self { title: t!(format!("broken.{word}.title")).into_owned(), sentences, again, home, shell }
    }
}

/// What to do while one waits.
fn meanwhile(shell: &Shell) -> String {
    if shell.is_lent() {
        return t!("broken.too_many.lent").into_owned();
    }
    t!("broken.too_many.second", who = shell.help().who, phone = shell.help().phone.spoken()).into_owned()
}
