//! A file that takes its name once it is whole: until then, whatever had that name stays as it is.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use maincourante_kernel::Failure;

/// A file being written beside the one it will replace; removed when it is dropped before its end.
pub(crate) struct Unfinished {
    name: PathBuf,
    own: PathBuf,
}

impl Unfinished {
    /// Beside this file, which need not exist: a rename is whole only within one disk.
    pub fn beside(name: &Path) -> Result<Self, Failure> {
        let mut own = OsString::from(name.file_name().ok_or_else(|| Failure::new("this is not the name of a file"))?);
        own.push(format!(".{}.unfinished", std::process::id()));
        Ok(Self { name: name.to_owned(), own: name.with_file_name(own) })
    }

    /// Where to write meanwhile.
    pub fn path(&self) -> &Path {
        &self.own
    }

    /// It is whole, and on the disk: it takes its name.
    pub fn take_name(self) -> Result<(), Failure> {
        fs::rename(&self.own, &self.name)?;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Gone already when it took its name.
        drop(fs::remove_file(&self.own));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_finished_leaves_the_one_before_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().join("log.jsonl");
        fs::write(&name, "yesterday").unwrap();
        let unfinished = Unfinished::beside(&name).unwrap();
        fs::write(unfinished.path(), "half of to").unwrap();
        drop(unfinished);
        assert_eq!(fs::read_to_string(&name).unwrap(), "yesterday");
        assert_eq!(folder.path().read_dir().unwrap().count(), 1, "nothing is left beside");

        let unfinished = Unfinished::beside(&name).unwrap();
        fs::write(unfinished.path(), "today").unwrap();
        unfinished.take_name().unwrap();
        assert_eq!(fs::read_to_string(&name).unwrap(), "today");
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
        assert!(Unfinished::beside(Path::new("/")).is_err());
    }
}
