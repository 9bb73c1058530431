//! What verification can find, each with its sentence.

use rust_i18n::t;
use uuid::Uuid;

/// Something is not as it was written.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "each field is the log, the entry, the slot or the size that the sentence of the variant names")]
pub enum Problem {
    /// An entry no longer has the hash that was written beside it.
    Altered { log: String, seq: u64 },
    /// A column no longer says what the entry says.
    ColumnDiffers { log: String, seq: u64, column: &'static str },
    /// These bytes are not an entry.
    Unreadable { log: String, seq: u64 },
    /// An entry that was written for another place.
    Misplaced { log: String, seq: u64, claimed_log: String, claimed_seq: i64 },
    /// Numbers that have no entry.
    Missing { log: String, from: u64, to: u64 },
    /// Entries after the last one that was counted.
    Uncounted { log: String, from: u64, to: u64 },
    /// An entry dated before the one that precedes it.
    TimeBackwards { log: String, seq: u64 },
    /// A subject that is not the one the entry names.
    SubjectDiffers { log: String, seq: u64, slot: u64 },
    /// Fields that are not those the entry committed to.
    FieldsAltered { log: String, seq: u64, slot: u64 },
    /// Fields taken away while their key lives.
    FieldsMissing { log: String, seq: u64, slot: u64 },
    /// A record key whose row was taken away.
    KeyMissing { kind: String, id: Uuid },
    /// A record key that does not open.
    KeyUnreadable { kind: String, id: Uuid },
    /// A record key destroyed without an entry that says so.
    KeyDestroyedSilently { kind: String, id: Uuid },
    /// A record key that was said to be destroyed.
    KeyCameBack { kind: String, id: Uuid },
    /// Entries that do not give the root that was signed or counted.
    Rewritten { log: String, from: u64, to: u64 },
    /// Fewer entries than were signed.
    CutTail { log: String, left: u64, signed: u64 },
    /// Entries whose log has no head.
    HeadMissing { log: String },
    /// A head that the service did not write.
    HeadAltered { log: String, from: u64 },
    /// A head that does not agree with its last entry.
    HeadDiffers { log: String },
    /// A stored checkpoint that is not what was signed.
    CheckpointAltered { log: String, size: u64 },
    /// A checkpoint known elsewhere and not in the base.
    CheckpointMissing { log: String, size: u64 },
    /// A checkpoint that is not in the tree of checkpoints.
    CheckpointNotInTree { log: String, size: u64 },
    /// The file outside is not there.
    OutsideMissing,
    /// A line of the file outside that is not one.
    OutsideUnreadable { line: u64 },
    /// A line of the file outside that no trusted key signed.
    OutsideForged { line: u64 },
    /// Checkpoints of the base that are not in the file outside.
    OutsideLacks { count: u64 },
    /// A refusal of the base is switched off.
    RefusalOff { trigger: &'static str },
    /// A line of an export that is not what the format says.
    BadLine { line: u64 },
    /// An opened subject that is not what the entry committed to.
    BadOpening { line: u64, slot: u64 },
    /// An export that stops before its end.
    ExportCut { log: String, entries: u64, size: u64 },
    /// Something after the end of an export.
    ExportTooLong { line: u64 },
    /// An export whose checkpoint is not signed by a trusted key, or is that of something else.
    ExportNotSigned { line: u64 },
}

impl Problem {
    /// What is wrong, in one French sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Altered { log, seq } => t!("verify.altered", log = log, seq = seq),
            Self::ColumnDiffers { log, seq, column } => t!("verify.column_differs", log = log, seq = seq, column = column),
            Self::Unreadable { log, seq } => t!("verify.unreadable", log = log, seq = seq),
            Self::Misplaced { log, seq, claimed_log, claimed_seq } => {
                t!("verify.misplaced", log = log, seq = seq, claimed_log = claimed_log, claimed_seq = claimed_seq)
            }
            Self::Missing { log, from, to } if from == to => t!("verify.missing_one", log = log, seq = from),
            Self::Missing { log, from, to } => t!("verify.missing", log = log, from = from, to = to),
            Self::Uncounted { log, from, to } => t!("verify.uncounted", log = log, from = from, to = to),
            Self::TimeBackwards { log, seq } => t!("verify.time_backwards", log = log, seq = seq),
            Self::SubjectDiffers { log, seq, slot } => t!("verify.subject_differs", log = log, seq = seq, slot = slot),
            Self::FieldsAltered { log, seq, slot } => t!("verify.fields_altered", log = log, seq = seq, slot = slot),
            Self::FieldsMissing { log, seq, slot } => t!("verify.fields_missing", log = log, seq = seq, slot = slot),
            Self::KeyMissing { kind, id } => t!("verify.key_missing", kind = kind, id = id),
            Self::KeyUnreadable { kind, id } => t!("verify.key_unreadable", kind = kind, id = id),
            Self::KeyDestroyedSilently { kind, id } => t!("verify.key_destroyed_silently", kind = kind, id = id),
            Self::KeyCameBack { kind, id } => t!("verify.key_came_back", kind = kind, id = id),
            Self::Rewritten { log, from, to } => t!("verify.rewritten", log = log, from = from, to = to.saturating_sub(1)),
            Self::CutTail { log, left, signed } => t!("verify.cut_tail", log = log, left = left, signed = signed),
            Self::HeadMissing { log } => t!("verify.head_missing", log = log),
            Self::HeadAltered { log, from } => t!("verify.head_altered", log = log, from = from),
            Self::HeadDiffers { log } => t!("verify.head_differs", log = log),
            Self::CheckpointAltered { log, size } => t!("verify.checkpoint_altered", log = log, size = size),
            Self::CheckpointMissing { log, size } => t!("verify.checkpoint_missing", log = log, size = size),
            Self::CheckpointNotInTree { log, size } => t!("verify.checkpoint_not_in_tree", log = log, size = size),
            Self::OutsideMissing => t!("verify.outside_missing"),
            Self::OutsideUnreadable { line } => t!("verify.outside_unreadable", line = line),
            Self::OutsideForged { line } => t!("verify.outside_forged", line = line),
            Self::OutsideLacks { count } => t!("verify.outside_lacks", count = count),
            Self::RefusalOff { trigger } => t!("verify.refusal_off", trigger = trigger),
            Self::BadLine { line } => t!("verify.bad_line", line = line),
            Self::BadOpening { line, slot } => t!("verify.bad_opening", line = line, slot = slot),
            Self::ExportCut { log, entries, size } => t!("verify.export_cut", log = log, entries = entries, size = size),
            Self::ExportTooLong { line } => t!("verify.export_too_long", line = line),
            Self::ExportNotSigned { line } => t!("verify.export_not_signed", line = line),
        }
        .into_owned()
    }
}
