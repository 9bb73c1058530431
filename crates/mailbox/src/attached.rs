//! Something that a letter carries, taken piece by piece: a telephone that needs a minute for a film makes this house hold a
//! piece of it, never the letter.
//!
//! A first reading finds where it is and how heavy it is; a second one gives it. What is light is kept from the first.

use std::net::IpAddr;
use std::ops::Range;

use futures_util::{Stream, stream};
use maincourante_identity::Own;
use maincourante_kernel::Failure;
use maincourante_kernel::raster::{self, BEGINNING};

use crate::folder::Reference;
use crate::letter::{self, Attachment, Decoder, LARGEST, Leaf, Scan};
use crate::mine::Mine;
use crate::reach::Reach;
use crate::{FileId, Mailbox, joined};

/// How much of a letter is asked for at once.
pub(crate) const PIECE: usize = 512 * 1024;

/// Something that a letter carries, found and not yet taken.
pub struct Attached {
    /// What it is.
    pub attachment: Attachment,
    giving: Giving,
}

/// What is still to be given of it.
pub(crate) enum Giving {
    /// All of it is here.
    Here(Vec<u8>),
    /// A part of a letter of the mailbox; the decoder is gone when nothing is left.
    Kept { reference: Reference, at: Range<usize>, decoder: Option<Decoder> },
    /// A file of a letter of the outbox, from this piece on.
    Joined { file: FileId, rank: i64, left: usize },
}

impl Attached {
    /// A file of a letter of the outbox, of which `described` says all but how it is drawn: its beginning says that.
    pub(crate) fn joined(file: FileId, described: Attachment, beginning: &[u8]) -> Self {
        let size = described.size;
        let attachment = Attachment { raster: raster::of_beginning(beginning, size), ..described };
        Self { attachment, giving: Giving::Joined { file, rank: 0, left: size } }
    }

    /// Its bytes, in order. One that ends with a failure is not whole, and must not pass for whole.
    pub fn pieces(self, mailbox: Mailbox, own: Own, from: IpAddr) -> impl Stream<Item = Result<Vec<u8>, Failure>> + Send + 'static {
        stream::try_unfold((self.giving, mailbox, own), move |(mut giving, mailbox, own)| async move {
            match giving.next(&mailbox.of(&own, from)).await? {
                Reach::Here(piece) => Ok(piece.map(|piece| (piece, (giving, mailbox, own)))),
                Reach::Away => Err(Failure::new("the mail server went away in the middle of a file")),
            }
        })
    }
}

impl Mine<'_> {
    /// Something that a letter carries; nothing when there is no such letter, or no such thing in it.
    pub async fn attachment(&self, reference: Reference, index: usize) -> Result<Reach<Option<Attached>>, Failure> {
        let (mut scan, mut came) = (Scan::new(), 0);
        loop {
            let most = PIECE.min(LARGEST - came);
            let Reach::Here(piece) = self.piece(reference, came, most).await? else { return Ok(Reach::Away) };
            let Some(piece) = piece else { return Ok(Reach::Here(None)) };
            scan.take(&piece);
            came += piece.len();
            let is_last = piece.len() < most || came == LARGEST;
            let only = if came == piece.len() { piece.as_slice() } else { &[] };
            if is_last {
                scan.end();
            }
            if let Some(leaf) = scan.leaf(index) {
                if letter::is_body(leaf) {
                    return Ok(Reach::Here(None));
                }
                return Ok(self.weighed(reference, leaf, only).await?.map(Some));
            }
            if is_last {
                return Ok(Reach::Here(None));
            }
        }
    }

    /// What is in a leaf; `only` is the whole letter as far as the end of the leaf, or nothing.
    async fn weighed(&self, reference: Reference, leaf: &Leaf, only: &[u8]) -> Result<Reach<Attached>, Failure> {
        let (name, media, kind) = letter::describe(leaf.file_name(), &leaf.content.word);
        let attachment = |size, first: &[u8]| {
            let raster = raster::of_beginning(first, size);
            Attachment { index: leaf.index, name, media, kind, size, raster }
        };
        if leaf.at.end <= only.len() {
            let bytes = leaf.decode(only).bytes;
            return Ok(Reach::Here(Attached { attachment: attachment(bytes.len(), &bytes), giving: Giving::Here(bytes) }));
        }
        let kept = || Giving::Kept { reference, at: leaf.at.clone(), decoder: Some(leaf.encoding.decoder()) };
        let (mut weighing, mut size, mut first) = (kept(), 0, Vec::new());
        loop {
            let Reach::Here(piece) = weighing.next(self).await? else { return Ok(Reach::Away) };
            let Some(piece) = piece else { break };
            if size < BEGINNING {
                first.extend_from_slice(&piece);
            }
            size += piece.len();
        }
        let attachment = attachment(size, &first);
        Ok(Reach::Here(Attached { attachment, giving: if first.len() == size { Giving::Here(first) } else { kept() } }))
    }
}

impl Giving {
    /// The next bytes of it; nothing when all were given.
    async fn next(&mut self, mine: &Mine<'_>) -> Result<Reach<Option<Vec<u8>>>, Failure> {
        let mut out = Vec::new();
        match self {
            Self::Here(bytes) => out = std::mem::take(bytes),
            Self::Kept { reference, at, decoder } => {
                while out.is_empty()
                    && let Some(decoding) = decoder
                {
                    if at.start >= at.end {
                        if let Some(decoder) = decoder.take() {
                            decoder.end(&mut out);
                        }
                        break;
                    }
                    let Reach::Here(piece) = mine.piece(*reference, at.start, PIECE.min(at.len())).await? else { return Ok(Reach::Away) };
                    let piece = piece.filter(|piece| !piece.is_empty()).ok_or_else(|| Failure::new("a letter went while it was given"))?;
                    at.start += piece.len();
                    decoding.take(&piece, &mut out);
                }
            }
            Self::Joined { file, rank, left } if *left > 0 => {
                let kernel = &mine.mailbox.kernel;
                let piece = joined::piece(kernel, &mut kernel.db.read().await?, *file, *rank).await?;
                out = piece.ok_or_else(|| Failure::new("a joined file lacks a piece"))?;
                *rank += 1;
                *left = left.saturating_sub(out.len());
            }
            Self::Joined { .. } => {}
        }
        Ok(Reach::Here(Some(out).filter(|out| !out.is_empty())))
    }
}
