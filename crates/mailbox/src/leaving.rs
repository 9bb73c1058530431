//! A letter on its way out, given piece by piece: its words, then each of its files, encoded as it is read. A letter of 27 MB
//! that leaves makes this house hold a piece of it, never the letter.

use data_encoding::BASE64_MIME;
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Attachment, Body};
use maincourante_kernel::{Failure, Kernel};

use crate::FileId;
use crate::joined::{self, Joined};

/// The bytes that one line of base64 says (RFC 2045, section 6.8).
const LINE: usize = 57;

/// A letter, as it will be given: how it is made, not what it is made of.
pub(crate) struct Leaving {
    /// Up to where its files go; all of it when it carries none.
    words: Vec<u8>,
    files: Vec<File>,
    end: Vec<u8>,
}

struct File {
    id: FileId,
    /// The boundary before it, and what is said of it.
    head: Vec<u8>,
    size: u64,
}

impl From<Vec<u8>> for Leaving {
    fn from(mut words: Vec<u8>) -> Self {
        if !words.ends_with(b"\r\n") {
            words.extend_from_slice(b"\r\n");
        }
        Self { words, files: Vec::new(), end: Vec::new() }
    }
}

impl Leaving {
    /// A letter of ours whose files come before its last boundary (RFC 2046, section 5.1.1).
    pub(crate) fn carrying(mut letter: Vec<u8>, boundary: &str, files: Vec<Joined>) -> Result<Self, Failure> {
        let end = format!("--{boundary}--");
        let cut = letter.windows(end.len()).rposition(|window| window == end.as_bytes());
        letter.truncate(cut.ok_or_else(|| Failure::new("a letter with files has no place for them"))?);
        let files = files.into_iter().map(|file| File::of(file, boundary)).collect::<Result<_, _>>()?;
        Ok(Self { files, end: format!("{end}\r\n").into_bytes(), ..Self::from(letter) })
    }

    /// How many bytes it has.
    pub(crate) fn size(&self) -> u64 {
        let long = |bytes: &[u8]| bytes.len() as u64;
        let encoded = |size| BASE64_MIME.encode_len(usize::try_from(size).unwrap_or(usize::MAX)) as u64;
        long(&self.words) + self.files.iter().map(|file| long(&file.head) + encoded(file.size)).sum::<u64>() + long(&self.end)
    }

    /// Whether it may travel where only ASCII does.
    pub(crate) fn is_ascii(&self) -> bool {
        self.words.is_ascii()
    }

    /// Whether no byte of it is the number zero, the one that no IMAP literal may hold (RFC 9051, section 4.3).
    pub(crate) fn is_text(&self) -> bool {
        !self.words.contains(&0)
    }

    /// Its bytes, in order.
    pub(crate) fn pieces<'a>(&'a self, kernel: &'a Kernel) -> Pieces<'a> {
        Pieces { kernel, letter: self, next: Next::Words }
    }

    /// All of it, for a demo that keeps what leaves, and for tests.
    pub(crate) async fn whole(&self, kernel: &Kernel) -> Result<Vec<u8>, Failure> {
        let (mut whole, mut pieces) = (Vec::new(), self.pieces(kernel));
        while let Some(piece) = pieces.next().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
    }
}

impl File {
    fn of(Joined { id, name, media, size, .. }: Joined, boundary: &str) -> Result<Self, Failure> {
        let media: ContentType = media.parse().map_err(|_| Failure::new("a stored type does not parse"))?;
        let nothing = Body::dangerous_pre_encoded(Vec::new(), ContentTransferEncoding::Base64);
        let mut head = format!("--{boundary}\r\n").into_bytes();
        head.extend_from_slice(&Attachment::new(name).body(nothing, media).formatted());
        // The end of the line of a body that is empty: the file brings its own.
        head.truncate(head.len() - 2);
        Ok(Self { id, head, size })
    }
}

/// The bytes of a letter, asked for one after the other.
pub(crate) struct Pieces<'a> {
    kernel: &'a Kernel,
    letter: &'a Leaving,
    next: Next,
}

/// What comes next.
enum Next {
    Words,
    /// What is said of this file, or the end after the last one.
    Head(usize),
    /// This file, from this piece on; so much of it was read, and the last of that is not yet a line.
    File {
        at: usize,
        rank: i64,
        read: u64,
        rest: Vec<u8>,
    },
    Nothing,
}

impl Pieces<'_> {
    /// The next bytes, always whole lines; nothing after the last.
    ///
    /// # Errors
    /// When the base does not give a file, or not all of it: what was given is not a letter, and must not pass for one.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        loop {
            match std::mem::replace(&mut self.next, Next::Nothing) {
                Next::Words => {
                    self.next = Next::Head(0);
                    return Ok(Some(self.letter.words.clone()));
                }
                Next::Head(at) => {
                    let Some(file) = self.letter.files.get(at) else {
                        return Ok(Some(self.letter.end.clone()).filter(|end| !end.is_empty()));
                    };
                    self.next = Next::File { at, rank: 0, read: 0, rest: Vec::new() };
                    return Ok(Some(file.head.clone()));
                }
                Next::File { at, rank, read, mut rest } => {
                    let File { id, size, .. } = self.letter.files[at];
                    let mut tx = self.kernel.db.read().await?;
                    let piece = joined::piece(self.kernel, &mut tx, id, rank).await?;
                    drop(tx);
                    let lines = if let Some(piece) = piece {
                        rest.extend_from_slice(&piece);
                        let rest_of_line = rest.split_off(rest.len() - rest.len() % LINE);
                        self.next = Next::File { at, rank: rank + 1, read: read + piece.len() as u64, rest: rest_of_line };
                        rest
                    } else if read == size {
                        self.next = Next::Head(at + 1);
                        rest
                    } else {
                        return Err(Failure::new("a joined file lacks a piece"));
                    };
                    if !lines.is_empty() {
                        return Ok(Some(BASE64_MIME.encode(&lines).into_bytes()));
                    }
                }
                Next::Nothing => return Ok(None),
            }
        }
    }
}
