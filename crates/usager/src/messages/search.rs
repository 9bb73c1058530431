//! `/messages/recherche`: letters are looked for by words, among those received and those sent. The words go sealed into the address:
//! a shared computer remembers addresses.

use askama::Template;
use axum::extract::{Query, State};
use maincourante_identity::Own;
use maincourante_kernel::Failure;
use maincourante_mailbox::search::{BadSearch, Found, Sought};
use maincourante_mailbox::{Came, Folder, Mine, Reach, Reference};
use maincourante_shell::{Answer, Errors, Posted, Shell, SignedInUsager, go, page, refused};
use rust_i18n::t;
use serde::Deserialize;

use super::row::Told;
use super::{mine, told_of_new};
use crate::{App, routes};

#[derive(Template)]
#[template(path = "usager/messages/search.html")]
struct Page {
    shell: Shell,
    errors: Errors,
    /// What was typed.
    words: String,
    /// What was found; nothing before one looked, or when the mail server is away.
    found: Option<Vec<Shelf>>,
    /// This page, to try again; nothing before one looked.
    here: Option<String>,
}

/// What was found in one folder.
struct Shelf {
    folder: Folder,
    rows: Vec<Told>,
    /// Where one goes on, when not all of it was looked at.
    more: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Form {
    words: String,
}

/// What is looked for, sealed, and from which letter on. Nonsense in it is as nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    cherche: String,
    avant: String,
}

pub(crate) async fn submit(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, Posted(form): Posted<Form>) -> Answer {
    match Sought::parse(&form.words) {
        Ok(sought) => go(routes::found(&sought.sealed(&app.mailbox, &own), None)),
        Err(bad) => {
            let errors = Errors::one(
                "words",
                match bad {
                    BadSearch::Empty => t!("search.no_word"),
                    BadSearch::TooLong => t!("search.too_long"),
                },
            );
            refused(&Page { shell, errors, words: form.words, found: None, here: None })
        }
    }
}

pub(crate) async fn show(State(app): State<App>, SignedInUsager { own, shell }: SignedInUsager, Query(asked): Query<Asked>) -> Answer {
    let mine = mine(&app, &own, &shell);
    let shell = told_of_new(shell, &mine).await?;
    let Some(sought) = Sought::opened(&app.mailbox, &own, &asked.cherche) else {
        return page(&Page { shell, errors: Errors::none(), words: String::new(), found: None, here: None });
    };
    let after = asked.avant.parse::<Reference>().ok().filter(|after| after.folder() != Folder::Bin);
    // One goes on in the folder where one was.
    let folders = after.map_or_else(|| vec![Folder::Inbox, Folder::Sent], |after| vec![after.folder()]);
    let mut found = Some(Vec::new());
    for folder in folders {
        let Reach::Here(letters) = mine.search(folder, &sought, after).await? else {
            found = None;
            break;
        };
        let shelf = Shelf::of(&app, (&own, &mine), (folder, letters), &asked.cherche).await?;
        found.get_or_insert_default().push(shelf);
    }
    let here = Some(routes::found(&asked.cherche, after));
    page(&Page { shell, errors: Errors::none(), words: sought.as_str().to_owned(), found, here })
}

impl Shelf {
    async fn of(app: &App, (own, mine): (&Own, &Mine<'_>), (folder, found): (Folder, Found), sealed: &str) -> Result<Self, Failure> {
        let now = app.identity.kernel.now();
        let standings = mine.standings(&found.rows.iter().map(Came::from).collect::<Vec<_>>()).await?;
        let rows = found.rows.into_iter().zip(standings).map(|(row, standing)| Told::of(row, own.address(), standing, now)).collect();
        Ok(Self { folder, rows, more: found.next.map(|next| routes::found(sealed, Some(next))) })
    }

    fn title(&self) -> String {
        if self.folder == Folder::Sent { t!("search.in_sent") } else { t!("search.in_inbox") }.into_owned()
    }

    fn more_words(&self) -> String {
        if self.folder == Folder::Sent { t!("search.more_sent") } else { t!("search.more_inbox") }.into_owned()
    }
}

impl Page {
    /// Nothing was found, and everything was looked at.
    fn is_nowhere(shelves: &[Shelf]) -> bool {
        shelves.iter().all(|shelf| shelf.rows.is_empty() && shelf.more.is_none())
    }
}
