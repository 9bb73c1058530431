//! What the templates ask of the frame: its words, its menu, its colours, the hidden fields of its forms.

use askama::filters::Safe;
use rust_i18n::t;

use super::Shell;
use crate::kept::Found;
use crate::{Audience, Colours, Display, Help, Icon, MenuEntry, People, TextSize, token};

impl Shell {
    /// The hidden field that each posting form carries.
    pub fn token(&self) -> Safe<String> {
        let token = self.asked.token.get_or_init(|| {
            let anchor = self.anchor().unwrap_or_else(|| self.asked.anchor.clone());
            token::make(self.site.form_key(), &anchor, self.site.chance())
        });
        let for_whom = match self.present() {
            Some(present) => self.asked.mark.get_or_init(|| present.mark(self.kernel())).as_str(),
            None => return Safe(format!("<input type=\"hidden\" name=\"form_token\" value=\"{token}\">")),
        };
        Safe(format!(
            "<input type=\"hidden\" name=\"form_token\" value=\"{token}\"><input type=\"hidden\" name=\"form_for\" value=\"{for_whom}\">"
        ))
    }

    /// The reference of this request, by which its lines are found in the log.
    pub fn reference(&self) -> &str {
        &self.asked.reference
    }

    /// Where one tries again: this page; after a form, the page where it stood.
    pub fn again(&self) -> String {
        if self.asked.is_read {
            return self.asked.back.clone();
        }
        self.page_of_form().unwrap_or(self.space.home).to_owned()
    }

    /// On a page where one comes back to what one was writing: whether it was still kept.
    pub fn found_again(&self) -> Option<bool> {
        self.found().map(Found::is_there)
    }

    /// In how many seconds the session ends, if no page is asked for until then.
    pub fn ends_in(&self) -> Option<i64> {
        Some(self.until?.since(self.now()).as_seconds())
    }

    /// The hidden field of a form whose act must happen once, however often it is posted (see [`crate::Once`]).
    pub fn once(&self) -> Safe<String> {
        let mark = uuid::Builder::from_random_bytes(self.site.chance().bytes()).into_uuid();
        Safe(format!("<input type=\"hidden\" name=\"once\" value=\"{mark}\">"))
    }

    /// The language of the page.
    pub fn lang(&self) -> &'static str {
        "fr"
    }

    /// The name the territory gave its service.
    pub fn service(&self) -> &str {
        &self.site.settings().service
    }

    /// Text size and colours.
    pub fn display(&self) -> Display {
        self.asked.display
    }

    /// The three sizes of text.
    pub fn sizes(&self) -> [TextSize; 3] {
        TextSize::ALL
    }

    /// The four choices of colours.
    pub fn palettes(&self) -> [Colours; 4] {
        Colours::ALL
    }

    /// The address of this page, to come back to it.
    pub fn back(&self) -> &str {
        &self.asked.back
    }

    /// The class of the body.
    pub fn class(&self) -> &'static str {
        self.space.audience.class()
    }

    /// Whether this screen is lent to someone: no menu, no way out.
    pub fn is_lent(&self) -> bool {
        self.space.audience == Audience::Lent
    }

    /// What an invented world says of itself; none where people are real.
    pub fn training(&self) -> Option<String> {
        match self.site.settings().people {
            People::Real => None,
            People::InventedHere => Some(crate::say("frame.nothing_leaves")),
            People::InventedWithMail => Some(crate::say("frame.letters_leave")),
        }
    }

    /// Whether others use this computer.
    pub fn is_shared(&self) -> bool {
        self.shared
    }

    /// Where the name of the service leads.
    pub fn home(&self) -> &'static str {
        self.space.home
    }

    /// Where "Se déconnecter" posts to.
    pub fn sign_out(&self) -> Option<&'static str> {
        self.space.sign_out
    }

    /// The words under the name of the service.
    pub fn space_name(&self) -> Option<String> {
        let name = match self.space.audience {
            Audience::Public | Audience::Usager => return None,
            // Who stands there sees which structure lent it.
            Audience::Lent => return self.structure.clone(),
            Audience::Aidant => t!("frame.space.aidant"),
            Audience::Structure => t!("frame.space.structure"),
        };
        Some(match &self.structure {
            Some(structure) => t!("frame.space.of", space = name, structure = structure).into_owned(),
            None => name.into_owned(),
        })
    }

    /// Where another structure is chosen, for who works for several.
    pub fn switch(&self) -> Option<&'static str> {
        self.switch
    }

    /// The name of the person to whom the screen is lent.
    pub fn lent_name(&self) -> Option<&str> {
        self.lent_to.as_deref()
    }

    /// The menu, and which entry this page belongs to.
    pub fn menu(&self) -> Vec<MenuLink> {
        let path = self.asked.back.split('?').next().unwrap_or_default();
        // Below "/aidant/journal" one is not also in "/aidant": the nearest entry wins.
        let nearest = self.space.menu.iter().filter(|entry| current(entry.href, path).is_some()).map(|entry| entry.href.len()).max();
        let links = self.space.menu.iter().map(|entry| MenuLink {
            href: entry.href,
            icon: entry.icon,
            label: self.label(entry),
            current: current(entry.href, path).filter(|_| nearest == Some(entry.href.len())),
        });
        links.collect()
    }

    fn label(&self, entry: &MenuEntry) -> String {
        let label = (entry.label)();
        match self.notes.iter().find(|(href, _)| *href == entry.href) {
            Some((_, words)) => format!("{label} ({words})"),
            None => label.into_owned(),
        }
    }

    /// Whom to call.
    pub fn help(&self) -> &Help {
        self.help.as_ref().unwrap_or(&self.site.settings().help)
    }
}

/// An entry of the menu of this page.
pub struct MenuLink {
    /// Where it leads.
    pub href: &'static str,
    /// Its picture.
    pub icon: Icon,
    /// Its word.
    pub label: String,
    /// The value of `aria-current`: the page itself, or a page below it.
    pub current: Option<&'static str>,
}

fn current(href: &str, path: &str) -> Option<&'static str> {
    let below = path.strip_prefix(href)?;
    match below {
        "" => Some("page"),
        _ if below.starts_with('/') => Some("true"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_belongs_to_the_entry_above_it() {
        assert_eq!(current("/messages", "/messages"), Some("page"));
        assert_eq!(current("/messages", "/messages/ecrire"), Some("true"));
        assert_eq!(current("/messages", "/messagerie"), None);
        assert_eq!(current("/aidant/journal", "/aidant"), None);
    }
}
