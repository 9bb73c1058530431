//! A house around the little worlds of the mandates, for the tests of the whole: letters in a folder, phones in memory.

use std::path::Path;
use std::sync::Arc;

use maincourante_journal::{ServiceName, Signer};
use maincourante_kernel::clock::minutes;
use maincourante_kernel::{Chance, Kernel};
use maincourante_mailbox::{Mailbox, RelaySettings, Settings as MailSettings, SourceSettings};
use maincourante_mandates::testing::World as Ccas;
use maincourante_shell::{Help, People, Settings};
use maincourante_sms::Gateway;

use crate::house::House;

/// Mailboxes of files in this folder; letters that leave stay in memory.
pub(crate) fn mailbox(kernel: &Kernel, folder: &Path) -> Mailbox {
    let source = SourceSettings::Maildir { root: folder.join("mail") };
    Mailbox::new(kernel, &MailSettings { source, relay: RelaySettings::Memory, undo: minutes(1) }).unwrap()
}

/// The house, with its file of checkpoints in this folder.
pub(crate) fn house(ccas: &Ccas, mailbox: Mailbox, folder: &Path) -> House {
    let site = Settings {
        service: "Monespace".into(),
        origin: "http://exemple-mail.fr".into(),
        help: Help { who: "le CCAS".into(), phone: "01 99 00 12 34".parse().unwrap(), hours: "le matin".into() },
        proxies: Vec::new(),
        people: People::InventedHere,
    };
    let name: ServiceName = "exemple-mail.fr".parse().unwrap();
    House {
        mandates: ccas.context.clone(),
        mailbox,
        sms: Gateway::Memory(ccas.phone.clone()),
        signer: Arc::new(Signer::from_pem(&Signer::generate(&Chance::System), &name).unwrap()),
        checkpoints: folder.join("checkpoints"),
        site,
    }
}
