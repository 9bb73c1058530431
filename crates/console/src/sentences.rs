//! A mandate as it is read aloud: what the person says yes to, what they say no to, what nobody may do.

use maincourante_kernel::calendar::Date;
use maincourante_mandates::{Account, Power, Structure};
use rust_i18n::t;

use crate::words;

/// What `console/sentences.html` reads.
pub(crate) struct Sentences {
    pub structure: String,
    pub address: String,
    /// The person has it already.
    pub has_address: bool,
    /// The number of the mandate that this one comes after.
    pub follows: Option<String>,
    pub granted: Vec<String>,
    pub refused: Vec<String>,
    pub never: [String; 3],
    pub last_day: String,
}

/// The address that the mandate is about.
pub(crate) struct Address {
    pub text: String,
    pub account: Account,
    pub follows: Option<String>,
}

impl Sentences {
    pub(crate) fn new(structure: &Structure, address: Address, powers: impl Iterator<Item = (Power, bool)>, last_day: Date) -> Self {
        let (granted, refused): (Vec<_>, Vec<_>) = powers.partition(|(_, yes)| *yes);
        let said = |(power, _): (Power, bool)| t!(format!("power.{}.said", power.as_str())).into_owned();
        Self {
            structure: structure.name.clone(),
            has_address: address.account == Account::Open,
            follows: address.follows,
            address: address.text,
            granted: granted.into_iter().map(said).collect(),
            refused: refused.into_iter().map(said).collect(),
            never: ["know", "read", "write"].map(|what| t!(format!("mandate.never_{what}")).into_owned()),
            last_day: words::long(last_day),
        }
    }
}
