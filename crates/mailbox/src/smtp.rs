//! A mail server that sends for us (RFC 5321, RFC 6409). The words of the protocol are lettre's; the letter itself is written
//! beside, piece by piece as it is read, for lettre takes it whole.
//!
//! Until the dot that ends it was written the server has no letter, whatever happens: it is handed over again, and comes once.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use maincourante_kernel::{Failure, Kernel};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::{Instant, timeout, timeout_at};

use crate::leaving::Leaving;
use crate::line::{IN_CLEAR, Line, NoLine, Place};
use crate::outgoing::Envelope;
use crate::relay::{HandOver, Refusal};
use crate::settings::SmtpSettings;

/// A server that has not let us in by then is away. It is ours, and near; letters wait, and it is asked again soon.
const WELCOME: Duration = Duration::from_secs(5);
/// A server that has not answered a word, or taken a piece of the letter, by then is away.
const STALL: Duration = Duration::from_secs(30);
/// A server that has not taken the whole of a letter by then does not take it: the heaviest leaves on a line of half a megabit.
const READING: Duration = Duration::from_mins(10);
/// How many bytes a server must take to show that it reads.
const PART: usize = 64 * 1024;
/// A server that has not said by then whether it takes a letter may have taken it. It first reads what was still on its way.
const PATIENCE: Duration = Duration::from_mins(2);
/// How long a server that hangs up may take to say why, and one that is left to say goodbye.
const WORD: Duration = Duration::from_secs(2);

/// A mail server that sends for us.
pub(crate) struct Smtp {
    place: Place,
    credentials: Credentials,
    stall: Duration,
}

impl Smtp {
    pub(crate) fn new(settings: &SmtpSettings) -> Result<Self, Failure> {
        let credentials = Credentials::new(settings.user.clone(), settings.password.reveal().clone());
        Ok(Self { place: Place::new(&settings.host, settings.port, &settings.security)?, credentials, stall: STALL })
    }

    /// The same, for a server that is given this long for each piece.
    #[cfg(test)]
    pub(crate) fn hurried(self, stall: Duration) -> Self {
        Self { stall, ..self }
    }

    pub(crate) async fn hand_over(&self, kernel: &Kernel, envelope: &Envelope, letter: &Leaving) -> Result<HandOver, Failure> {
        let address = |address: &str| -> Result<lettre::Address, Failure> { Ok(address.parse()?) };
        let to = envelope.recipients()?.iter().map(|one| address(one.as_str())).collect::<Result<_, _>>()?;
        let envelope = lettre::address::Envelope::new(Some(address(envelope.sender()?.as_str())?), to)?;
        let Ok(connected) = timeout(WELCOME, self.connect()).await else { return Ok(HandOver::Away) };
        let (mut connection, mut line) = match connected? {
            Ok(connected) => connected,
            Err(answer) => return Ok(answer),
        };
        for said in announcement(&connection, &envelope, letter.is_ascii()) {
            match timeout(self.stall, connection.command(said)).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => return Ok(judge(&error).unwrap_or(HandOver::Away)),
                Err(_) => return Ok(HandOver::Away),
            }
        }
        let end = Instant::now() + READING;
        let mut pieces = letter.pieces(kernel);
        while let Some(piece) = pieces.next().await? {
            for part in dotted(&piece).chunks(PART) {
                let Ok(Ok(())) = timeout_at(end.min(Instant::now() + self.stall), line.write_all(part)).await else {
                    // It may have said why before it hung up.
                    let said = timeout(WORD, connection.read_response()).await;
                    return Ok(said.ok().and_then(Result::err).as_ref().and_then(judge).unwrap_or(HandOver::Away));
                };
            }
        }
        let ended = timeout(PATIENCE, async {
            line.write_all(b".\r\n").await.and(line.flush().await).ok()?;
            Some(connection.read_response().await)
        });
        match ended.await {
            Ok(Some(Ok(_))) => {
                // Taken; whether the goodbye is heard changes nothing.
                drop(timeout(WORD, connection.quit()).await);
                Ok(HandOver::Accepted)
            }
            Ok(Some(Err(error))) => Ok(judge(&error).unwrap_or(HandOver::Unsure)),
            Ok(None) | Err(_) => Ok(HandOver::Unsure),
        }
    }

    /// A line on which letters may be handed over, in both hands, or what becomes of them for want of one.
    async fn connect(&self) -> Result<Result<(AsyncSmtpConnection, Shared), HandOver>, Failure> {
        let line = match self.place.line().await {
            Ok(line) => Shared(Arc::new(Mutex::new(line))),
            Err(NoLine::InClear) => return Err(Failure::new(IN_CLEAR)),
            Err(NoLine::Away(error)) => {
                // Said with its cause: it may be a certificate, which only the operator can mend. No letter was shown, so none is named.
                tracing::warn!(%error, "the mail server cannot be reached");
                return Ok(Err(HandOver::Away));
            }
        };
        let mut connection = match AsyncSmtpConnection::connect_with_transport(Box::new(line.clone()), &ClientId::default()).await {
            Ok(connection) => connection,
            Err(error) => return Ok(Err(absent(&error))),
        };
        match connection.auth(&[Mechanism::Plain, Mechanism::Login], &self.credentials).await {
            Ok(_) => Ok(Ok((connection, line))),
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

/// From whom and to whom, until the server waits for the letter: one command after the other.
fn announcement(connection: &AsyncSmtpConnection, envelope: &lettre::address::Envelope, is_ascii: bool) -> Vec<String> {
    let can = |what| connection.server_info().supports_feature(what);
    // A server without them is told all the same, and says no in its own words.
    let named = (envelope.from().into_iter().chain(envelope.to()).any(|one| !AsRef::<str>::as_ref(one).is_ascii())
        && can(Extension::SmtpUtfEight))
    .then_some(MailParameter::SmtpUtfEight);
    let said = (!is_ascii && can(Extension::EightBitMime)).then_some(MailParameter::Body(MailBodyParameter::EightBitMime));
    let from = Mail::new(envelope.from().cloned(), named.into_iter().chain(said).collect()).to_string();
    let to = envelope.to().iter().map(|to| Rcpt::new(to.clone(), Vec::new()).to_string());
    [from].into_iter().chain(to).chain([Data.to_string()]).collect()
}

/// Lines that begin with a dot begin with two (RFC 5321, section 4.5.2).
fn dotted(lines: &[u8]) -> Cow<'_, [u8]> {
    let begins = |at: usize| lines[at] == b'.' && (at == 0 || lines[..at].ends_with(b"\r\n"));
    if !(0..lines.len()).any(begins) {
        return lines.into();
    }
    let line = |at: usize| if begins(at) { &b".."[..] } else { &lines[at..=at] };
    (0..lines.len()).flat_map(line).copied().collect()
}

/// A server that is silent is away, and asked again soon; one that answers and will not have us is asked less and less often.
fn absent(error: &Error) -> HandOver {
    if error.status().is_some() {
        return HandOver::NotYet;
    }
    tracing::warn!(%error, "the mail server does not let us in");
    HandOver::Away
}

/// What the server's answer means for the letter; nothing when it gave none.
fn judge(error: &Error) -> Option<HandOver> {
    let code = error.status()?;
    // The enhanced status (RFC 3463) stands first in the text; the rest of the text may name someone.
    let text = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let enhanced = text.split_ascii_whitespace().next().unwrap_or_default();
    tracing::info!(%code, enhanced = enhanced.chars().all(|c| c.is_ascii_digit() || c == '.').then_some(enhanced), "a letter was not taken");
    if error.is_transient() {
        return Some(HandOver::NotYet);
    }
    let detail = enhanced.split_once('.').map_or("", |(_, detail)| detail);
    Some(HandOver::Refused(match (code.to_string().as_str(), detail) {
        // The submission credential again: not the letter's fault.
        ("530" | "534" | "535" | "538", _) => return Some(HandOver::NotYet),
        (_, "1.1" | "1.2" | "1.3" | "1.6" | "1.10" | "2.1" | "4.4") | ("550" | "551", "") => Refusal::NoSuchAddress,
        (_, "2.2") | ("552", "") => Refusal::MailboxFull,
        (_, "3.4" | "2.3") => Refusal::TooLarge,
        _ => Refusal::Rejected,
    }))
}

/// One line in two hands, never used by both at once: the words of the protocol are said on it, and the letter is written on it.
#[derive(Clone)]
struct Shared(Arc<Mutex<Box<dyn Line>>>);

impl Shared {
    fn held(&self) -> MutexGuard<'_, Box<dyn Line>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared(…)")
    }
}

impl AsyncRead for Shared {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.held()).poll_read(context, buffer)
    }
}

impl AsyncWrite for Shared {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.held()).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.held()).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.held()).poll_shutdown(context)
    }
}

impl AsyncTokioStream for Shared {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_that_begins_a_line_is_doubled_and_no_other() {
        for (given, said) in [
            ("", ""),
            ("a.b\r\n", "a.b\r\n"),
            (".\r\n", "..\r\n"),
            ("a\r\n.b\r\n..\r\n", "a\r\n..b\r\n...\r\n"),
            ("a\n.b\r\n", "a\n.b\r\n"),
        ] {
            assert_eq!(dotted(given.as_bytes()), said.as_bytes(), "{given:?}");
        }
    }
}
