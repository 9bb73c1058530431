//! The folder of a demo: whose it is, whether a world is whole, how one begins anew.
//!
//! Nothing is removed that a demo did not make: a folder with a base and without our marks is somebody's service.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use maincourante_kernel::Failure;

use super::card::Card;

const CARD: &str = "demo.json";
/// There while the world is made: a world that bears it is not finished.
const MAKING: &str = "demo.unfinished";
const LOCK: &str = "demo.lock";
const BASE: &str = "maincourante.db";
/// What a demo makes, besides the folder of letters. Its card is first: what is left of a removal cut short is no world.
const FILES: [&str; 8] =
    [CARD, MAKING, "maincourante.db", "maincourante.db-wal", "maincourante.db-shm", "vault.key", "journal.pem", "checkpoints"];
const LETTERS: &str = "mail";

/// A folder that this process alone uses, until it is dropped.
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

/// Why a folder cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NotOurs {
    /// Another demo runs on it.
    Busy,
    /// It holds a base that no demo made.
    Somebodys,
}

/// What a folder holds.
pub(crate) enum Held {
    /// A whole world.
    World(Box<Card>),
    /// A world whose making was cut short.
    Unfinished,
    /// None.
    Nothing,
}

impl Folder {
    /// Takes a folder, made when it is not there.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn take(path: &Path) -> Result<Result<Self, NotOurs>, Failure> {
        if path.join(BASE).exists() && !path.join(CARD).exists() && !path.join(MAKING).exists() {
            return Ok(Err(NotOurs::Somebodys));
        }
        fs::create_dir_all(path)?;
        let lock = File::create(path.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => Ok(Ok(Self { path: path.to_owned(), _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(Err(NotOurs::Busy)),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds.
    ///
    /// # Errors
    /// When its card cannot be read.
    pub fn holds(&self) -> Result<Held, Failure> {
        if self.path.join(MAKING).exists() {
            return Ok(Held::Unfinished);
        }
        let card = self.path.join(CARD);
        if !card.exists() {
            return Ok(Held::Nothing);
        }
        Ok(Held::World(Box::new(serde_json::from_str(&fs::read_to_string(card)?)?)))
    }

    /// Throws a world away: the files of a demo, and nothing else that might lie in the folder. Gives how many there were.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn throw_away(&self) -> Result<usize, Failure> {
        let mut removed = 0;
        for name in FILES {
            let path = self.path.join(name);
            if path.exists() {
                fs::remove_file(path)?;
                removed += 1;
            }
        }
        let letters = self.path.join(LETTERS);
        if letters.exists() {
            fs::remove_dir_all(letters)?;
            removed += 1;
        }
        Ok(removed)
    }

    /// From now on a world is being made here.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn begins(&self) -> Result<(), Failure> {
        Ok(fs::write(self.path.join(MAKING), "A demo was being made here: it can be thrown away.\n")?)
    }

    /// The world is whole: its card is kept, then the mark goes.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn is_whole(&self, card: &Card) -> Result<(), Failure> {
        let unfinished = self.path.join("demo.json.new");
        fs::write(&unfinished, serde_json::to_string_pretty(card)?)?;
        fs::rename(unfinished, self.path.join(CARD))?;
        Ok(fs::remove_file(self.path.join(MAKING))?)
    }
}
