//! The words of each message. All stay within one segment, whatever the names put in them.

use rust_i18n::t;

use crate::gsm7;

/// One segment of the GSM-7 alphabet (3GPP TS 23.038).
pub(crate) const SEGMENT: usize = 160;

/// A message to a person.
pub enum Text<'a> {
    /// A code for who lost their password and comes back alone.
    CodeToRecover {
        /// The name the territory gave its service.
        service: &'a str,
        /// Six digits.
        code: &'a str,
    },
    /// A code to choose a password on the screen that an aidant lent.
    CodeToChoose {
        /// The name of the service.
        service: &'a str,
        /// Six digits.
        code: &'a str,
        /// Whose screen.
        aidant: &'a str,
    },
    /// A code to sign a mandate.
    CodeToSign {
        /// The name of the service.
        service: &'a str,
        /// Six digits.
        code: &'a str,
        /// With which structure.
        structure: &'a str,
    },
    /// A code to say, on the screen that an aidant lent, that an account is theirs.
    CodeToJoin {
        /// The name of the service.
        service: &'a str,
        /// Six digits.
        code: &'a str,
        /// Whose screen.
        aidant: &'a str,
    },
    /// An aidant gave access back.
    AccessGivenBack {
        /// The name of the service.
        service: &'a str,
        /// Who helped.
        aidant: &'a str,
        /// From which structure.
        structure: &'a str,
        /// Whom to call.
        phone: &'a str,
    },
    /// The person chose their first secret.
    SecretChosen {
        /// The name of the service.
        service: &'a str,
        /// Whom to call.
        phone: &'a str,
    },
    /// The person changed their secret alone.
    PasswordChanged {
        /// The name of the service.
        service: &'a str,
        /// Whom to call.
        phone: &'a str,
    },
    /// A code of the recovery sheet was used.
    SheetUsed {
        /// The name of the service.
        service: &'a str,
        /// Whom to call.
        phone: &'a str,
    },
    /// The person signed a mandate.
    MandateSigned {
        /// The name of the service.
        service: &'a str,
        /// With which structure.
        structure: &'a str,
        /// Whom to call.
        phone: &'a str,
    },
    /// The person signed a mandate that takes the place of another with the same structure.
    MandateRenewed {
        /// The name of the service.
        service: &'a str,
        /// With which structure.
        structure: &'a str,
        /// Whom to call.
        phone: &'a str,
    },
    /// The structure ended a mandate.
    MandateEnded {
        /// The name of the service.
        service: &'a str,
        /// Which structure.
        structure: &'a str,
        /// Whom to call.
        phone: &'a str,
    },
    /// The structure deleted an account that it had opened by error.
    AccountDeleted {
        /// The name of the service.
        service: &'a str,
        /// Which structure.
        structure: &'a str,
        /// Whom to call.
        phone: &'a str,
    },
    /// The structure holds a mandate because of a dispute.
    MandateHeld {
        /// The name of the service.
        service: &'a str,
        /// Which structure.
        structure: &'a str,
        /// Whom to call.
        phone: &'a str,
    },
    /// It goes on.
    MandateResumed {
        /// The name of the service.
        service: &'a str,
        /// Which structure.
        structure: &'a str,
        /// Whom to call.
        phone: &'a str,
    },
}

impl Text<'_> {
    /// Its name in the journal.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CodeToRecover { .. } => "code_to_recover",
            Self::CodeToChoose { .. } => "code_to_choose",
            Self::CodeToSign { .. } => "code_to_sign",
            Self::CodeToJoin { .. } => "code_to_join",
            Self::AccessGivenBack { .. } => "access_given_back",
            Self::SecretChosen { .. } => "secret_chosen",
            Self::PasswordChanged { .. } => "password_changed",
            Self::SheetUsed { .. } => "sheet_used",
            Self::MandateSigned { .. } => "mandate_signed",
            Self::MandateRenewed { .. } => "mandate_renewed",
            Self::MandateEnded { .. } => "mandate_ended",
            Self::AccountDeleted { .. } => "account_deleted",
            Self::MandateHeld { .. } => "mandate_held",
            Self::MandateResumed { .. } => "mandate_resumed",
        }
    }

    /// The name of a text, as a word of ours.
    pub(crate) fn named(name: &str) -> Option<&'static str> {
        const NAMES: [&str; 14] = [
            "code_to_recover",
            "code_to_choose",
            "code_to_sign",
            "code_to_join",
            "access_given_back",
            "secret_chosen",
            "password_changed",
            "sheet_used",
            "mandate_signed",
            "mandate_renewed",
            "mandate_ended",
            "account_deleted",
            "mandate_held",
            "mandate_resumed",
        ];
        NAMES.into_iter().find(|known| *known == name)
    }

    /// Its words, in one segment: names too long for it are cut, never the code nor the phone number.
    pub fn words(&self) -> String {
        (0..=40_usize).rev().map(|most| self.with_names_of(most)).find(|words| words.chars().count() <= SEGMENT).unwrap_or_default()
    }

    fn with_names_of(&self, most: usize) -> String {
        let name = |text: &str| gsm7::fold(text).chars().take(most).collect::<String>().trim_end().to_owned();
        let words = match self {
            Self::CodeToRecover { service, code } => t!("code_to_recover", service = name(service), code = code),
            Self::CodeToChoose { service, code, aidant } => {
                t!("code_to_choose", service = name(service), code = code, aidant = name(aidant))
            }
            Self::CodeToSign { service, code, structure } => {
                t!("code_to_sign", service = name(service), code = code, structure = name(structure))
            }
            Self::CodeToJoin { service, code, aidant } => t!("code_to_join", service = name(service), code = code, aidant = name(aidant)),
            Self::AccessGivenBack { service, aidant, structure, phone } => {
                t!("access_given_back", service = name(service), aidant = name(aidant), structure = name(structure), phone = phone)
            }
            Self::SecretChosen { service, phone } => t!("secret_chosen", service = name(service), phone = phone),
            Self::PasswordChanged { service, phone } => t!("password_changed", service = name(service), phone = phone),
            Self::SheetUsed { service, phone } => t!("sheet_used", service = name(service), phone = phone),
            Self::MandateSigned { service, structure, phone }
            | Self::MandateRenewed { service, structure, phone }
            | Self::MandateEnded { service, structure, phone }
            | Self::AccountDeleted { service, structure, phone }
            | Self::MandateHeld { service, structure, phone }
            | Self::MandateResumed { service, structure, phone } => {
                t!(self.name(), service = name(service), structure = name(structure), phone = phone)
            }
        };
        gsm7::fold(&words)
    }
}
