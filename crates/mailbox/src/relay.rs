//! How a letter leaves: handed to a mail server, delivered here (demo), or kept in memory (tests).
//!
//! The server's credential may send for local addresses and read nothing. Each way answers in one of four words, for
//! "it did not leave" and "one cannot know" are not the same: the second may have left, and is never taken back.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use maincourante_kernel::{Failure, Kernel};

use crate::imap::is_near;
use crate::maildir::{Delivery, Maildir};
use crate::outgoing::Envelope;
use crate::settings::{Security, SmtpSettings};
use crate::{LetterId, departed};

/// A server that has not taken a letter in this time has not taken it.
const PATIENCE: Duration = Duration::from_secs(30);
/// A server that has not let us in by then is away. It is ours, and near; letters wait, and it is asked again soon.
const WELCOME: Duration = Duration::from_secs(5);

/// Where letters go.
pub(crate) enum Relay {
    Smtp(Smtp),
    Local { domain: String, maildir: Maildir },
    Memory(MemoryRelay),
}

/// What became of a letter that was handed over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HandOver {
    /// It is the server's now.
    Accepted,
    /// It will never be taken.
    Refused(Refusal),
    /// It was not taken this time.
    NotYet,
    /// Nobody is there to take it.
    Away,
    /// The line broke when it may have been taken.
    Unsure,
}

/// Why a letter will never be taken, as a person can understand it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// There is nobody at that address.
    NoSuchAddress,
    /// Their mailbox is full.
    MailboxFull,
    /// The letter is too heavy.
    TooLarge,
    /// Their server wants none of it.
    Rejected,
    /// Nothing took it for days.
    NoAnswer,
}

impl Refusal {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NoSuchAddress => "no_such_address",
            Self::MailboxFull => "mailbox_full",
            Self::TooLarge => "too_large",
            Self::Rejected => "rejected",
            Self::NoAnswer => "no_answer",
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "no_such_address" => Self::NoSuchAddress,
            "mailbox_full" => Self::MailboxFull,
            "too_large" => Self::TooLarge,
            "no_answer" => Self::NoAnswer,
            _ => Self::Rejected,
        }
    }
}

impl Relay {
    pub(crate) async fn hand_over(&self, kernel: &Kernel, id: LetterId, envelope: &Envelope, letter: &[u8]) -> Result<HandOver, Failure> {
        match self {
            Self::Smtp(smtp) => smtp.hand_over(envelope, letter).await,
            Self::Local { domain, maildir } => local(kernel, domain, maildir, id, envelope, letter).await,
            Self::Memory(memory) => Ok(memory.hand_over(envelope, letter)),
        }
    }
}

/// Nobody is written to before everybody is known: a letter is taken whole or not at all.
async fn local(
    kernel: &Kernel,
    domain: &str,
    maildir: &Maildir,
    id: LetterId,
    envelope: &Envelope,
    letter: &[u8],
) -> Result<HandOver, Failure> {
    let (here, elsewhere): (Vec<_>, Vec<_>) = envelope.recipients()?.into_iter().partition(|address| address.domain() == domain);
    for address in &here {
        if !maildir.has(address).await? {
            return Ok(HandOver::Refused(Refusal::NoSuchAddress));
        }
    }
    for address in &here {
        if maildir.deliver(address, &id.uuid().simple().to_string(), letter, kernel.now()).await? == Delivery::NoSuchBox {
            return Ok(HandOver::NotYet);
        }
    }
    if !elsewhere.is_empty() {
        departed::keep(kernel, id, &envelope.only_to(&elsewhere), letter).await?;
    }
    Ok(HandOver::Accepted)
}

/// A mail server that sends for us.
pub(crate) struct Smtp {
    settings: SmtpSettings,
    tls: Option<TlsParameters>,
}

impl Smtp {
    pub(crate) fn new(settings: &SmtpSettings) -> Result<Self, Failure> {
        let tls = match &settings.security {
            Security::Plain => None,
            Security::Tls { authorities } => {
                let mut builder = TlsParameters::builder(settings.host.clone());
                if let Some(file) = authorities {
                    builder = builder.add_root_certificate(Certificate::from_pem(&std::fs::read(file)?)?);
                }
                Some(builder.build_rustls()?)
            }
        };
        Ok(Self { settings: settings.clone(), tls })
    }

    async fn hand_over(&self, envelope: &Envelope, letter: &[u8]) -> Result<HandOver, Failure> {
        let address = |address: &str| -> Result<lettre::Address, Failure> { Ok(address.parse()?) };
        let to = envelope.recipients()?.iter().map(|one| address(one.as_str())).collect::<Result<_, _>>()?;
        let envelope = lettre::address::Envelope::new(Some(address(envelope.sender()?.as_str())?), to)?;
        let Ok(connected) = tokio::time::timeout(WELCOME, self.connect()).await else { return Ok(HandOver::Away) };
        let mut connection = match connected? {
            Ok(connection) => connection,
            Err(answer) => return Ok(answer),
        };
        let Ok(sent) = tokio::time::timeout(PATIENCE, connection.send(&envelope, letter)).await else { return Ok(HandOver::Unsure) };
        match sent {
            Ok(_) => {
                // Taken; whether the goodbye is heard changes nothing.
                drop(tokio::time::timeout(Duration::from_secs(2), connection.quit()).await);
                Ok(HandOver::Accepted)
            }
            Err(error) => Ok(judge(&error)),
        }
    }

    /// A line on which letters may be handed over, or what becomes of them for want of one.
    async fn connect(&self) -> Result<Result<AsyncSmtpConnection, HandOver>, Failure> {
        let Ok(mut found) = tokio::net::lookup_host((self.settings.host.as_str(), self.settings.port)).await else {
            return Ok(Err(HandOver::Away));
        };
        let Some(address) = found.next() else { return Ok(Err(HandOver::Away)) };
        if self.tls.is_none() && !is_near(address.ip()) {
            return Err(Failure::new("mail would cross a public network in clear: set `tls`"));
        }
        let hello = ClientId::default();
        let connected = AsyncSmtpConnection::connect_tokio1(address, Some(WELCOME), &hello, self.tls.clone(), None).await;
        let mut connection = match connected {
            Ok(connection) => connection,
            Err(error) => return Ok(Err(absent(&error))),
        };
        let credentials = Credentials::new(self.settings.user.clone(), self.settings.password.reveal().clone());
        match connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await {
            Ok(_) => Ok(Ok(connection)),
            Err(error) => {
                if let Some(code) = error.status() {
                    // Our credential, not the person's letter, is at fault: the letter waits for the operator.
                    tracing::error!(%code, "the mail server refuses the submission credential");
                }
                Ok(Err(absent(&error)))
            }
        }
    }
}

/// A server that is silent, or shows papers that are not to be trusted, is away, and asked again soon; one that answers and will
/// not have us is asked less and less often.
fn absent(error: &lettre::transport::smtp::Error) -> HandOver {
    if error.status().is_some() {
        return HandOver::NotYet;
    }
    // Said with its cause: it may be a certificate, which only the operator can mend. No letter was shown, so none is named.
    tracing::warn!(%error, "the mail server does not let us in");
    HandOver::Away
}

fn judge(error: &lettre::transport::smtp::Error) -> HandOver {
    let Some(code) = error.status() else { return HandOver::Unsure };
    // The enhanced status (RFC 3463) stands first in the text; the rest of the text may name someone.
    let text = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let enhanced = text.split_ascii_whitespace().next().unwrap_or_default();
    tracing::info!(%code, enhanced = enhanced.chars().all(|c| c.is_ascii_digit() || c == '.').then_some(enhanced), "a letter was not taken");
    if error.is_transient() {
        return HandOver::NotYet;
    }
    let detail = enhanced.split_once('.').map_or("", |(_, detail)| detail);
    HandOver::Refused(match (code.to_string().as_str(), detail) {
        // The submission credential again: not the letter's fault.
        ("530" | "534" | "535" | "538", _) => return HandOver::NotYet,
        (_, "1.1" | "1.2" | "1.3" | "1.6" | "1.10" | "2.1" | "4.4") | ("550" | "551", "") => Refusal::NoSuchAddress,
        (_, "2.2") | ("552", "") => Refusal::MailboxFull,
        (_, "3.4" | "2.3") => Refusal::TooLarge,
        _ => Refusal::Rejected,
    })
}

/// A relay that keeps what it is given, and answers as it is told.
#[derive(Clone, Default)]
pub struct MemoryRelay {
    inner: Arc<Mutex<Memory>>,
}

#[derive(Default)]
struct Memory {
    answers: VecDeque<HandOver>,
    taken: Vec<Vec<u8>>,
}

impl MemoryRelay {
    /// What the next hand-overs are answered with; then letters are accepted again.
    pub fn answers(&self, answers: impl IntoIterator<Item = HandOver>) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).answers.extend(answers);
    }

    /// The letters that were taken, in order.
    pub fn taken(&self) -> Vec<Vec<u8>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).taken.clone()
    }

    fn hand_over(&self, _: &Envelope, letter: &[u8]) -> HandOver {
        let mut memory = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = memory.answers.pop_front().unwrap_or(HandOver::Accepted);
        if matches!(answer, HandOver::Accepted | HandOver::Unsure) {
            memory.taken.push(letter.to_vec());
        }
        answer
    }
}
