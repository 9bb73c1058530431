//! The file of checkpoints, outside the base: what shows that a tail was cut, or yesterday's base put back.
//!
//! One JSON line for each note; the file only grows, and each write is on the disk before it is believed.
//! It should lie on another machine or another disk than the base, where who administers the base cannot write
//! (`chattr +a` holds it to growing).

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use maincourante_kernel::{Failure, Timestamp};
use serde::{Deserialize, Serialize};

use crate::log::SUPER;
use crate::note::Checkpoint;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    at: i64,
    note: String,
}

/// A line of the file, once read.
pub(crate) enum Content {
    /// A note, not checked yet.
    Note(String),
    /// Not a line of this file.
    Unreadable,
}

/// Every line of the file, with its number from 1. The beginning of a later line is left out: the machine stopped while writing it.
pub(crate) fn lines(input: impl Read) -> Result<Vec<(usize, Content)>, Failure> {
    let mut out = Vec::new();
    let mut torn: Vec<(usize, Vec<u8>)> = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(input).split(b'\n')) {
        let line = line?;
        torn.retain(|(_, beginning)| !line.starts_with(beginning));
        match serde_json::from_slice::<Line>(&line) {
            Ok(read) => out.push((number, Content::Note(read.note))),
            Err(_) => torn.push((number, line)),
        }
    }
    out.extend(torn.into_iter().map(|(number, _)| (number, Content::Unreadable)));
    out.sort_by_key(|(number, _)| *number);
    Ok(out)
}

/// The last checkpoint of the tree of checkpoints in this file: how far it goes. Its signature is not checked here:
/// after a change of key the file is still the same file.
pub(crate) fn last_super(path: &Path, key_name: &str) -> Result<Option<Checkpoint>, Failure> {
    let Some(file) = open(path)? else { return Ok(None) };
    let notes = lines(file)?.into_iter().filter_map(|(_, line)| match line {
        Content::Note(note) => Checkpoint::unchecked(&note, key_name),
        Content::Unreadable => None,
    });
    Ok(notes.filter(|checkpoint| checkpoint.log == SUPER).max_by_key(|checkpoint| checkpoint.size))
}

/// The file, or none when it does not exist.
pub(crate) fn open(path: &Path) -> Result<Option<File>, Failure> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Adds these notes at the end, and returns once they are on the disk.
pub(crate) fn append(path: &Path, notes: &[(Timestamp, String)]) -> Result<(), Failure> {
    if notes.is_empty() {
        return Ok(());
    }
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    file.lock()?;
    let mut text = Vec::new();
    if !ends_with_line_feed(&mut file)? {
        text.push(b'\n');
    }
    for (at, note) in notes {
        text.extend(serde_json_canonicalizer::to_vec(&Line { at: at.micros(), note: note.clone() })?);
        text.push(b'\n');
    }
    file.write_all(&text)?;
    file.sync_all()?;
    // The name of a new file is on the disk when its folder is.
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn ends_with_line_feed(file: &mut File) -> Result<bool, Failure> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &Path) -> Vec<(usize, Option<String>)> {
        let lines = lines(File::open(path).unwrap()).unwrap();
        lines
            .into_iter()
            .map(|(number, line)| match line {
                Content::Note(note) => (number, Some(note)),
                Content::Unreadable => (number, None),
            })
            .collect()
    }

    #[test]
    fn a_line_torn_by_a_power_cut_is_written_again_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("checkpoints");
        let at = Timestamp::from_micros(7);
        let note = |text: &str| (at, text.to_owned());
        append(&path, &[note("un"), note("deux")]).unwrap();
        let whole = std::fs::read(&path).unwrap();
        assert_eq!(whole, b"{\"at\":7,\"note\":\"un\"}\n{\"at\":7,\"note\":\"deux\"}\n");

        std::fs::write(&path, &whole[..whole.len() - 5]).unwrap();
        assert_eq!(read(&path), [(1, Some("un".into())), (2, None)]);
        append(&path, &[note("deux"), note("trois")]).unwrap();
        assert_eq!(read(&path), [(1, Some("un".into())), (3, Some("deux".into())), (4, Some("trois".into()))]);

        std::fs::write(&path, b"altered\n{\"at\":7,\"note\":\"un\"}\n").unwrap();
        assert_eq!(read(&path), [(1, None), (2, Some("un".into()))]);
    }
}
