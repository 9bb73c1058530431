//! On a real Dovecot: whom a token opens to, what stays warm and for how long, and what a page learns when the server hangs.

use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, Instant};

use maincourante_identity::sessions;
use maincourante_kernel::clock::{minutes, seconds};
use tokio::sync::Mutex;

use super::conformance::{letter, lmtp};
use super::proxy::{Mode, Proxy};
use super::{HOME, World, dovecot, mark};
use crate::search::Sought;
use crate::source::Source;
use crate::token::forge::{self, Forgery};
use crate::{Folder, Moved, Reach, RelaySettings};

/// The mailboxes of the server are shared by all tests: those that count letters run alone.
pub(super) static ALONE: Mutex<()> = Mutex::const_new(());

fn open_boxes(world: &World) -> usize {
    match world.mailbox.source.as_ref() {
        Source::Imap(server) => server.open_boxes(),
        Source::Maildir(_) => 0,
    }
}

#[tokio::test]
async fn a_token_opens_its_own_mailbox_and_no_other_and_a_bad_one_none() {
    let Some(server) = dovecot() else { return };
    let world = World::imap(&server, server.imap_port, RelaySettings::Memory).await;
    let (alice, bob) = (&server.people[0], &server.people[1]);
    let own = world.signed_in(world.person(alice).await).await;
    let key = forge::key(&server.key_file, &server.issuer, &server.kid);
    let enters = async |token: &str, name: &str| forge::enters(server.imap_port, name, token).await;

    let good = crate::token::mint(&own, &key, world.kernel.now(), &world.kernel.chance).unwrap();
    assert!(enters(good.reveal(), alice).await, "her own token opens her mailbox");
    assert!(enters(good.reveal(), &alice.to_uppercase()).await, "an address is one in any case");
    assert!(!enters(good.reveal(), bob).await, "her token opened his mailbox");

    for forgery in Forgery::ALL {
        let token = forge::token(forgery, alice, &key, world.kernel.now());
        assert!(!enters(token.reveal(), alice).await, "{forgery:?} was accepted");
    }
    let token = forge::token(Forgery::None, alice, &key, world.kernel.now());
    assert!(enters(token.reveal(), alice).await, "the forger's honest token: what is refused above is refused for its fault");
}

#[tokio::test]
async fn a_connection_stays_warm_and_dies_with_its_session() {
    let Some(server) = dovecot() else { return };
    let proxy = Proxy::to(server.imap_port).await;
    let world = World::imap(&server, proxy.port, RelaySettings::Memory).await;
    let alice = world.person(&server.people[0]).await;
    proxy.wait_for_open(0).await;
    let prepared = proxy.opened();
    let own = world.signed_in(alice).await;
    let mine = world.mailbox.of(&own, HOME);
    for _ in 0..3 {
        mine.counts().await.unwrap().here().unwrap();
    }
    assert_eq!((proxy.opened() - prepared, open_boxes(&world)), (1, 1), "one connection for three requests");

    world.mailbox.close(own.session());
    proxy.wait_for_open(0).await;
    assert_eq!(open_boxes(&world), 0);

    // Every session of a person at once.
    let (first, second) = (world.signed_in(alice).await, world.signed_in(alice).await);
    for own in [&first, &second] {
        world.mailbox.of(own, HOME).counts().await.unwrap().here().unwrap();
    }
    world.mailbox.close_all_of(alice);
    proxy.wait_for_open(0).await;

    // Ended elsewhere (another process, a new password): known within half a minute.
    mine.counts().await.unwrap().here().unwrap();
    let mut tx = world.kernel.db.write().await.unwrap();
    sessions::end(&mut tx, own.session(), world.kernel.now()).await.unwrap();
    tx.commit().await.unwrap();
    world.kernel.clock.advance(seconds(29));
    world.mailbox.tend().await.unwrap();
    assert_eq!(open_boxes(&world), 1);
    world.kernel.clock.advance(seconds(1));
    world.mailbox.tend().await.unwrap();
    proxy.wait_for_open(0).await;

    assert_eq!(open_boxes(&world), 0);
}

#[tokio::test]
async fn a_connection_that_nobody_uses_is_closed_though_its_session_lives() {
    let Some(server) = dovecot() else { return };
    let proxy = Proxy::to(server.imap_port).await;
    let world = World::imap(&server, proxy.port, RelaySettings::Memory).await;
    let own = world.signed_in(world.person(&server.people[0]).await).await;
    world.mailbox.of(&own, HOME).counts().await.unwrap().here().unwrap();
    world.kernel.clock.advance(minutes(4));
    world.mailbox.tend().await.unwrap();
    assert_eq!(open_boxes(&world), 1);
    world.kernel.clock.advance(minutes(1));
    world.mailbox.tend().await.unwrap();
    proxy.wait_for_open(0).await;
    assert!(sessions::is_alive(&world.kernel, own.session()).await.unwrap());
}

#[tokio::test]
async fn a_server_that_hangs_or_goes_is_told_in_time_and_heals_alone() {
    let Some(server) = dovecot() else { return };
    let proxy = Proxy::to(server.imap_port).await;
    let world = World::imap(&server, proxy.port, RelaySettings::Memory).await;
    let own = world.signed_in(world.person(&server.people[0]).await).await;
    let request = || world.mailbox.of(&own, HOME);
    assert!(request().inbox(None).await.unwrap().here().is_some());

    for (mode, at_most) in [(Mode::Hold, 3000), (Mode::Cut, 1000)] {
        proxy.set(mode);
        let mine = request();
        let begun = Instant::now();
        // What is asked again in one request is not waited for again.
        for _ in 0..2 {
            assert_eq!(mine.inbox(None).await.unwrap(), Reach::Away, "{mode:?}");
        }
        assert_eq!(mine.search(Folder::Inbox, &Sought::parse("loyer").unwrap(), None).await.unwrap(), Reach::Away, "{mode:?}");
        let sent = mine.sent(None).await.unwrap();
        assert_eq!(sent.filed, Reach::Away, "the outbox is shown all the same");
        assert!(begun.elapsed() < Duration::from_millis(at_most), "{mode:?} took {:?}", begun.elapsed());
        proxy.set(Mode::Pass);
        assert!(request().inbox(None).await.unwrap().here().is_some(), "the next request after {mode:?}");
    }
}

#[tokio::test]
async fn looking_for_words_on_a_slow_server_stops_in_time_and_goes_on_from_there() {
    let Some(server) = dovecot() else { return };
    let _alone = ALONE.lock().await;
    let proxy = Proxy::to(server.imap_port).await;
    let world = World::imap(&server, proxy.port, RelaySettings::Memory).await;
    let person = &server.people[1];
    let own = world.signed_in(world.person(person).await).await;
    let mine = world.mailbox.of(&own, HOME);
    let (word, address) = (mark(), person.parse().unwrap());
    for at in 0..140 {
        let subject = if at == 0 { word.clone() } else { format!("autre {at}") };
        lmtp(server.lmtp_port, &address, &letter(&subject)).await;
    }
    let sought = Sought::parse(&word).unwrap();
    assert_eq!(mine.search(Folder::Inbox, &sought, None).await.unwrap().here().unwrap().rows.len(), 1, "in one go when it answers soon");

    proxy.set(Mode::Slow);
    let begun = Instant::now();
    let first = mine.search(Folder::Inbox, &sought, None).await.unwrap().here().unwrap();
    let took = begun.elapsed();
    proxy.set(Mode::Pass);
    assert!(first.rows.is_empty(), "the newest alone were looked at");
    let next = first.next.expect("it says where one goes on");
    assert!(took < Duration::from_secs(12), "{took:?}");
    let rest = world.mailbox.of(&own, HOME).search(Folder::Inbox, &sought, Some(next)).await.unwrap().here().unwrap();
    assert_eq!((rest.rows.len(), rest.next), (1, None));
}

#[tokio::test]
async fn a_letter_claimed_by_a_program_that_died_is_moved_all_the_same() {
    let Some(server) = dovecot() else { return };
    let _alone = ALONE.lock().await;
    let world = World::imap(&server, server.imap_port, RelaySettings::Memory).await;
    let person = &server.people[1];
    let own = world.signed_in(world.person(person).await).await;
    let mine = world.mailbox.of(&own, HOME);
    lmtp(server.lmtp_port, &person.parse().unwrap(), &letter(&mark())).await;
    let mut reference = mine.inbox(None).await.unwrap().here().unwrap().rows[0].reference;
    let key = forge::key(&server.key_file, &server.issuer, &server.kid);
    for way in ["to the bin", "back"] {
        let token = forge::token(Forgery::None, person, &key, world.kernel.now());
        let dies = forge::entered(server.imap_port, person, token.reveal()).await.unwrap();
        assert!(dies.claims_and_dies(reference).await.unwrap(), "{way}: it was this program's to move");
        let moved = if way == "back" { mine.put_back(reference).await } else { mine.throw_away(reference).await };
        let Reach::Here(Moved::To(there)) = moved.unwrap() else { panic!("{way}: it stays where it is") };
        assert_ne!(there.folder(), reference.folder());
        reference = there;
    }
}

#[tokio::test]
async fn a_request_that_is_given_up_half_way_spoils_nothing() {
    let Some(server) = dovecot() else { return };
    let proxy = Proxy::to(server.imap_port).await;
    let world = World::imap(&server, proxy.port, RelaySettings::Memory).await;
    let own = world.signed_in(world.person(&server.people[0]).await).await;
    let mine = world.mailbox.of(&own, HOME);
    let counts = mine.counts().await.unwrap();

    proxy.set(Mode::Hold);
    assert!(tokio::time::timeout(Duration::from_millis(50), mine.inbox(None)).await.is_err());
    proxy.set(Mode::Pass);
    let before = proxy.opened();
    assert_eq!(mine.counts().await.unwrap(), counts);
    assert_eq!(proxy.opened(), before + 1, "the half-used connection was thrown away");
}

#[tokio::test]
async fn many_sessions_side_by_side_and_one_command_at_a_time_in_each() {
    let Some(server) = dovecot() else { return };
    let proxy = Proxy::to(server.imap_port).await;
    let world = World::imap(&server, proxy.port, RelaySettings::Memory).await;
    let alice = world.person(&server.people[0]).await;
    let bob = world.person(&server.people[1]).await;
    proxy.wait_for_open(0).await;
    let prepared = proxy.opened();
    let mut owns = Vec::new();
    for usager in [alice, bob, alice, bob] {
        owns.push(world.signed_in(usager).await);
    }
    let mut all = Vec::new();
    for own in &owns {
        for _ in 0..5 {
            let mine = world.mailbox.of(own, HOME);
            all.push(async move { mine.inbox(None).await.unwrap().here().is_some() });
        }
    }
    let mut done = 0;
    let mut all: Vec<_> = all.into_iter().map(Box::pin).collect();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Ready(here) => {
                assert!(here);
                done += 1;
                false
            }
            std::task::Poll::Pending => true,
        });
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    assert_eq!((done, proxy.opened() - prepared), (20, 4));
}

#[tokio::test]
async fn bad_tokens_from_one_place_make_nobody_else_wait() {
    let Some(server) = dovecot() else { return };
    let world = World::imap(&server, server.imap_port, RelaySettings::Memory).await;
    let key = forge::key(&server.key_file, &server.issuer, &server.kid);
    let own = world.signed_in(world.person(&server.people[0]).await).await;
    for _ in 0..3 {
        let token = forge::token(Forgery::Expired, &server.people[1], &key, world.kernel.now());
        assert!(!forge::enters(server.imap_port, &server.people[1], token.reveal()).await);
    }
    let begun = Instant::now();
    let elsewhere = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 8));
    assert!(world.mailbox.of(&own, elsewhere).counts().await.unwrap().here().is_some());
    assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
}
