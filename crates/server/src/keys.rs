//! The keys of a service, in files that its user alone can read.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use data_encoding::HEXLOWER_PERMISSIVE;
use maincourante_kernel::{Chance, Failure, Key};

use crate::config::{self, BadConfig};

/// The master key of the vault: 64 hexadecimal digits.
pub(crate) fn read_vault(path: &Path) -> Result<Key, BadConfig> {
    closed(path)?;
    let line = config::secret_line(path)?;
    let wrong = || BadConfig(format!("{} must hold 64 hexadecimal digits (openssl rand -hex 32).", path.display()));
    let bytes = HEXLOWER_PERMISSIVE.decode(line.reveal().as_bytes()).map_err(|_| wrong())?;
    Ok(Key::from_bytes(bytes.try_into().map_err(|_| wrong())?))
}

/// Makes the master key of a new embedded service; does nothing when it is there.
pub(crate) fn make_vault(path: &Path, chance: &Chance) -> Result<(), Failure> {
    if path.exists() {
        return Ok(());
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{}", HEXLOWER_PERMISSIVE.encode(Key::new(chance).bytes()))?;
    file.sync_all()?;
    Ok(())
}

/// A key that others can read is not a key.
pub(crate) fn closed(path: &Path) -> Result<(), BadConfig> {
    let metadata = fs::metadata(path).map_err(|error| BadConfig(format!("{} cannot be read: {error}.", path.display())))?;
    if metadata.permissions().mode() & 0o077 != 0 {
        return Err(BadConfig(format!("{} can be read by others: chmod 600 it.", path.display())));
    }
    Ok(())
}
