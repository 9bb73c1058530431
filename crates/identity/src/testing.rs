//! People to start from, for the tests of every context. Behind the `testing` feature,
//! which `tidy` proves absent from the released program.

use std::net::{IpAddr, Ipv4Addr};

use maincourante_kernel::calendar::Date;
use maincourante_kernel::{Kernel, Secret};

use crate::sessions::{self, Computer, Own, SignInMethod, SignedInStaff, StaffAt};
use crate::store::accounts;
use crate::{
    Hasher, Identity, NewStaff, NewUsager, Requester, Service, StaffId, StaffKind, TotpSecret, UsagerId, add_phone, create_staff,
    create_usager,
};

/// The password of every person made here.
pub const PASSWORD: &str = "tasse jardin vélo";

/// The context over a kernel.
pub fn identity(kernel: &Kernel) -> Identity {
    let service = Service { name: "Monespace".into(), domain: "exemple-mail.fr".into(), help_phone: "05 58 00 00 00".into() };
    Identity { kernel: kernel.clone(), hasher: Hasher::default(), service }
}

/// A requester on this machine.
pub fn requester() -> Requester {
    Requester(IpAddr::V4(Ipv4Addr::LOCALHOST))
}

/// A person with an address, and a phone when one is given; their password is [`PASSWORD`].
///
/// # Panics
/// When the address is taken or does not parse: a fault of the test.
pub async fn usager(identity: &Identity, address: &str, phone: Option<&str>) -> UsagerId {
    let kernel = &identity.kernel;
    let phc = identity.hasher.hash(&Secret::new(PASSWORD.into()), &kernel.chance).await.expect("a hash");
    let id = UsagerId::new(&kernel.chance, kernel.now());
    let new = NewUsager {
        id,
        address: address.parse().expect("an address"),
        given_names: "Josette".into(),
        family_name: "Lambert".into(),
        birth_date: Date::new(1942, 3, 5).expect("a day"),
    };
    let mut tx = kernel.db.write().await.expect("a transaction");
    assert!(create_usager(&mut tx, kernel, &new).await.expect("the base"), "a free address");
    accounts::set_password(&mut tx, id, &phc, kernel.now()).await.expect("the base");
    if let Some(phone) = phone {
        add_phone(&mut tx, kernel, id, &phone.parse().expect("a phone")).await.expect("the base");
    }
    tx.commit().await.expect("a commit");
    id
}

/// A person signed in, by a session opened in the base.
///
/// # Panics
/// When the base refuses.
pub async fn own(kernel: &Kernel, usager: UsagerId) -> Own {
    sessions::own(kernel, &session_of(kernel, usager).await).await.expect("the base").expect("a living session")
}

/// The cookie of a session that a person opened, on a shared computer.
///
/// # Panics
/// When the base refuses.
pub async fn session_of(kernel: &Kernel, usager: UsagerId) -> Secret<String> {
    let mut tx = kernel.db.write().await.expect("a transaction");
    let opened = sessions::open_for_usager(&mut tx, kernel, usager, SignInMethod::Password, Computer::Shared).await.expect("a session");
    tx.commit().await.expect("a commit");
    opened.token
}

/// An aidant or operator, and the secret of their authenticator; the password is [`PASSWORD`].
///
/// # Panics
/// When the login is taken.
pub async fn staff(identity: &Identity, kind: StaffKind, name: &str, login: &str) -> (StaffId, TotpSecret) {
    let kernel = &identity.kernel;
    let totp = TotpSecret::new(&kernel.chance);
    let new = NewStaff { kind, login: login.into(), name: name.into(), password: Secret::new(PASSWORD.into()), totp: totp.clone() };
    let phc = identity.hasher.hash(&new.password, &kernel.chance).await.expect("a hash");
    let mut tx = kernel.db.write().await.expect("a transaction");
    let id = create_staff(&mut tx, kernel, &new, &phc).await.expect("the base").expect("a free login");
    tx.commit().await.expect("a commit");
    (id, totp)
}

/// A staff member signed in, by a session opened in the base.
///
/// # Panics
/// When the base refuses.
pub async fn signed_in_staff(kernel: &Kernel, staff: StaffId) -> (SignedInStaff, Secret<String>) {
    let mut tx = kernel.db.write().await.expect("a transaction");
    let opened = sessions::open_for_staff(&mut tx, kernel, staff).await.expect("a session");
    tx.commit().await.expect("a commit");
    match sessions::staff(kernel, &opened.token).await.expect("the base") {
        StaffAt::Here(staff) => (staff, opened.token),
        StaffAt::Lent(_) | StaffAt::Nowhere => panic!("a session just opened is here"),
    }
}
