//! What is written and joined is kept, once, for its owner, on both engines; it becomes the letter and is then no more.

use maincourante_kernel::clock::{days, hours, minutes};
use maincourante_kernel::testing::kernels;

use super::{HOME, World};
use crate::draft::{self, Began, How, Written};
use crate::joined::{self, NotKept};
use crate::letter::Thread;
use crate::outbox::{self, Consign, Form};
use crate::{Outgoing, RelaySettings, letter};

#[tokio::test]
async fn a_draft_and_its_files_become_a_letter_and_leave_nothing_behind() {
    for base in kernels().await {
        let world = World::on(base, RelaySettings::Memory);
        let mailbox = &world.mailbox;
        let josette = world.person("josette@exemple-mail.fr").await;
        let rene = world.person("rene@exemple-mail.fr").await;
        let (own, other) = (world.signed_in(josette).await, world.signed_in(rene).await);
        let written = |text: &str| Written { to: "sophie@exemple.fr".into(), text: text.into(), ..Written::default() };
        let began = Began { form_key: world.kernel.chance.uuid(world.kernel.now()), draft: None };
        let first = draft::keep(mailbox, &own, began, &written("un")).await.unwrap();
        assert_eq!(draft::keep(mailbox, &own, began, &written("un")).await.unwrap(), first, "the same form is one draft");
        let again = Began { draft: Some((first.id, first.version)), ..began };
        let second = draft::keep(mailbox, &own, again, &written("deux")).await.unwrap();
        assert_eq!((second.id, second.version, second.how), (first.id, 2, How::Plainly));
        let beside = draft::keep(mailbox, &own, again, &written("trois")).await.unwrap();
        assert!(beside.id != first.id && beside.how == How::Beside, "the first is not written over");
        assert!(draft::find(mailbox, &other, first.id).await.unwrap().is_none());
        assert!(draft::discard(mailbox, &own, beside.id).await.unwrap() && !draft::discard(mailbox, &other, first.id).await.unwrap());
        assert!(draft::take_out(mailbox, &own, beside.id).await.unwrap() && draft::discard(mailbox, &own, beside.id).await.unwrap());
        assert_eq!(draft::count(mailbox, &own).await.unwrap(), 1);
        assert_eq!(draft::page(mailbox, &own, None).await.unwrap().0[0].written, written("deux"));

        let photo = vec![9; 600_000];
        let mut joining = joined::join(mailbox, &own, first.id, "a.jpg", "image/jpeg").await.unwrap();
        joining.push(&photo).await.unwrap();
        let kept = joining.finish().await.unwrap().unwrap();
        // The same form again; then a photograph of the same name and weight.
        for (bytes, once) in [(&photo, true), (&vec![8; 600_000], false)] {
            let mut joining = joined::join(mailbox, &own, first.id, "a.jpg", "image/jpeg").await.unwrap();
            joining.push(bytes).await.unwrap();
            let id = joining.finish().await.unwrap().unwrap();
            assert_eq!(id == kept, once);
            assert_eq!(joined::of_draft(mailbox, &own, first.id).await.unwrap().len(), if once { 1 } else { 2 });
            assert!(once || joined::remove(mailbox, &own, first.id, id).await.unwrap());
        }
        let empty = joined::join(mailbox, &own, first.id, "b.jpg", "image/jpeg").await.unwrap();
        assert_eq!(empty.finish().await.unwrap(), Err(NotKept::Empty));
        assert!(!joined::remove(mailbox, &other, first.id, kept).await.unwrap());
        assert!(joined::of_draft(mailbox, &other, first.id).await.unwrap().is_empty());
        assert_eq!(joined::of_draft(mailbox, &own, first.id).await.unwrap()[0].size, 600_000);

        let outgoing = Outgoing::new(vec!["sophie@exemple.fr".parse().unwrap()], "x", "deux", Thread::default()).unwrap();
        let mut tx = world.kernel.db.write().await.unwrap();
        let form = Form { key: began.form_key, draft: Some(first.id) };
        let Consign::Given(given) = outbox::consign(mailbox, &mut tx, &own, &outgoing, form).await.unwrap() else { panic!("held") };
        tx.commit().await.unwrap();
        assert!(draft::find(mailbox, &own, first.id).await.unwrap().is_none());
        assert_eq!(outbox::count_pending(mailbox, &own).await.unwrap(), 1);
        assert_eq!(outbox::pending(mailbox, &own, None).await.unwrap().letters[0].id, given.id);
        world.kernel.clock.advance(minutes(1));
        let _ = outbox::send(mailbox, given.id).await.unwrap();
        let sent = mailbox.memory().unwrap().taken().remove(0);
        let carried = letter::read(&sent).attachments;
        assert_eq!(letter::attachment(&sent, carried[0].index).unwrap(), photo);
        let own = world.signed_in(josette).await;
        mailbox.of(&own, HOME).file_sent().await.unwrap();
        world.kernel.clock.advance(hours(3));
        mailbox.tend().await.unwrap();
        assert!(outbox::files(mailbox, &own, given.id).await.unwrap().is_empty(), "kept no more");
        world.kernel.clock.advance(days(31));
        mailbox.tend().await.unwrap();
        assert!(!draft::is_discarded(mailbox, &own, beside.id).await.unwrap());
    }
}
