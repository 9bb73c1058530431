//! Bytes to and from a server, with patience that ends.
//!
//! A whole operation has [`PATIENCE`] to be answered, so that a page can say within three seconds that the mail server is
//! silent. Only while a long literal comes does the wait begin again with each piece, up to [`LONGEST`].

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout_at};

use super::token;
use super::trouble::Trouble;
use crate::line::Line;

/// How long a server may be silent.
pub(crate) const PATIENCE: Duration = Duration::from_millis(2500);
/// How long a letter may take to come, however steadily.
const LONGEST: Duration = Duration::from_mins(1);
/// A line longer than this is nonsense.
const LINE: usize = 1024 * 1024;
/// What came this far in a literal proves that the server is at work.
const PIECE: usize = 64 * 1024;

/// A line to a server.
pub(crate) struct Wire {
    line: Box<dyn Line>,
    /// What was read and not yet understood.
    buffer: Vec<u8>,
    patience: Patience,
}

/// Until when one waits.
#[derive(Clone, Copy)]
pub(crate) struct Patience {
    until: Instant,
    end: Instant,
}

impl Patience {
    /// From now on.
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        Self { until: now + PATIENCE, end: now + LONGEST }
    }

    pub(crate) fn until(&self) -> Instant {
        self.until
    }

    fn renew(&mut self) {
        self.until = (Instant::now() + PATIENCE).min(self.end);
    }
}

impl Wire {
    pub(crate) fn new(line: Box<dyn Line>, patience: Patience) -> Self {
        Self { line, buffer: Vec::new(), patience }
    }

    /// A new operation begins: one waits anew.
    pub(crate) fn set_patience(&mut self, patience: Patience) {
        self.patience = patience;
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        // A letter that is given is as long as one that is taken.
        for piece in bytes.chunks(PIECE) {
            timeout_at(self.patience.until, self.line.write_all(piece)).await.map_err(|_| Trouble::Away("the server does not read"))??;
            if bytes.len() > PIECE {
                self.patience.renew();
            }
        }
        Ok(())
    }

    /// A piece of something long comes next, which may have been awaited: one waits anew, as long as the whole is not too long.
    pub(crate) async fn write_next(&mut self, piece: &[u8]) -> Result<(), Trouble> {
        self.patience.renew();
        self.write(piece).await
    }

    pub(crate) async fn flush(&mut self) -> Result<(), Trouble> {
        timeout_at(self.patience.until, self.line.flush()).await.map_err(|_| Trouble::Away("the server does not read"))??;
        Ok(())
    }

    /// One response, literals inline, without its line end. At most `cap` bytes.
    pub(crate) async fn response(&mut self, cap: usize) -> Result<Vec<u8>, Trouble> {
        let mut from = 0;
        loop {
            let end = self.line_end(from).await?;
            let Some(length) = token::announced(&self.buffer[from..end]) else {
                let rest = self.buffer.split_off(end + 2);
                let mut response = std::mem::replace(&mut self.buffer, rest);
                response.truncate(end);
                return Ok(response);
            };
            from = end + 2;
            if length > cap.saturating_sub(from) {
                return Err(Trouble::Nonsense("a response is longer than we asked for"));
            }
            self.literal(from + length).await?;
            from += length;
        }
    }

    /// Where the line that begins at `from` ends.
    async fn line_end(&mut self, from: usize) -> Result<usize, Trouble> {
        let mut seen = from;
        loop {
            if let Some(at) = self.buffer[seen..].windows(2).position(|pair| pair == b"\r\n") {
                return Ok(seen + at);
            }
            if self.buffer.len() - from > LINE {
                return Err(Trouble::Nonsense("a line does not end"));
            }
            seen = self.buffer.len().saturating_sub(1).max(from);
            self.fill().await?;
        }
    }

    /// Reads until the buffer holds `wanted` bytes.
    async fn literal(&mut self, wanted: usize) -> Result<(), Trouble> {
        let mut counted = self.buffer.len();
        while self.buffer.len() < wanted {
            self.fill().await?;
            if self.buffer.len() - counted >= PIECE {
                counted = self.buffer.len();
                self.patience.renew();
            }
        }
        Ok(())
    }

    async fn fill(&mut self) -> Result<(), Trouble> {
        self.buffer.reserve(16 * 1024);
        let read = timeout_at(self.patience.until, self.line.read_buf(&mut self.buffer))
            .await
            .map_err(|_| Trouble::Away("the server is silent"))??;
        if read == 0 {
            return Err(Trouble::Away("the server closed the connection"));
        }
        Ok(())
    }
}
