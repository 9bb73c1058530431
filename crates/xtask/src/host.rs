//! The machine underneath: its environment, its commands, its clock hand. The one door of this crate to each.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What went wrong, in a sentence for the person at the terminal.
pub(crate) type Outcome<T> = Result<T, String>;

/// A variable of the environment.
#[expect(clippy::disallowed_methods, reason = "the commands of the house are configured by the environment")]
pub(crate) fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The root of the repository, wherever the command is called from.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Where what is slow to make is kept between two runs.
pub(crate) fn cache() -> PathBuf {
    env("MAINCOURANTE_CACHE")
        .map_or_else(|| PathBuf::from(env("HOME").unwrap_or_else(|| "/tmp".into())).join(".cache/maincourante"), PathBuf::from)
}

/// Whether this process may do everything.
pub(crate) fn is_root() -> bool {
    told("id", &["-u"]).is_ok_and(|id| id == "0")
}

/// Whether a command can be found. Debian's servers live in `/usr/sbin`, which is not on everyone's path.
pub(crate) fn has(program: &str) -> bool {
    search_path().split(':').any(|folder| Path::new(folder).join(program).is_file())
}

/// The search path, with the folders of the servers.
pub(crate) fn search_path() -> String {
    format!("{}:/usr/sbin:/sbin", env("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()))
}

/// A command ready to be completed, with the search path of the servers and nothing to read.
pub(crate) fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).env("PATH", search_path()).stdin(Stdio::null());
    command
}

/// Runs a command quietly; its last words are in the error.
pub(crate) fn run(program: &str, args: &[&str]) -> Outcome<()> {
    quietly(&mut command(program, args)).map(drop)
}

/// Runs a command quietly and gives what it printed, trimmed.
pub(crate) fn told(program: &str, args: &[&str]) -> Outcome<String> {
    quietly(&mut command(program, args))
}

/// Runs this command quietly and gives what it printed, trimmed.
pub(crate) fn quietly(command: &mut Command) -> Outcome<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("{name} could not start: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() {
        return Ok(printed);
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(format!("{name} failed ({}): {}", output.status, if said.is_empty() { printed } else { said }))
}

/// Starts a server that puts itself in the background. It keeps the outputs it is born with, so it gets none of ours:
/// a pipe would never close.
pub(crate) fn launch(command: &mut Command, log: &Path) -> Outcome<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let words = std::fs::File::create(log).map_err(said(&log.to_string_lossy()))?;
    let status = command.stdout(Stdio::null()).stderr(words).status().map_err(|error| format!("{name} could not start: {error}"))?;
    if status.success() {
        return Ok(());
    }
    let words = std::fs::read_to_string(log).unwrap_or_default();
    Err(format!("{name} failed ({status}): {}", words.trim()))
}

/// Looks again and again until `ready` says yes; the error names what was waited for.
pub(crate) fn until(what: &str, patience: Duration, mut ready: impl FnMut() -> bool) -> Outcome<()> {
    let deadline = Instant::now() + patience;
    while !ready() {
        if Instant::now() > deadline {
            return Err(format!("{what} is not there after {} s", patience.as_secs()));
        }
        breathe();
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "between two looks at another process there is no event to wait for")]
fn breathe() {
    std::thread::sleep(Duration::from_millis(20));
}

/// How many seconds ago this instant was, counted since 1970; none when it has not come.
pub(crate) fn seconds_since(instant: u64) -> Option<u64> {
    told("date", &["+%s"]).ok()?.parse::<u64>().ok()?.checked_sub(instant)
}

/// This very program, to be started again. Under the name it was built with, another build may have put another one.
pub(crate) fn own_program() -> Outcome<PathBuf> {
    let running = PathBuf::from(format!("/proc/{}/exe", std::process::id()));
    if running.exists() { Ok(running) } else { std::env::current_exe().map_err(said("this program")) }
}

/// A folder that nobody keeps: it goes with this value.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// Under `parent`; not made yet.
    pub(crate) fn under(parent: &Path, name: &str) -> Self {
        Self(parent.join(format!("maincourante-{name}-{}", std::process::id())))
    }

    /// The same, made.
    pub(crate) fn make(parent: &Path, name: &str) -> Outcome<Self> {
        let scratch = Self::under(parent, name);
        std::fs::create_dir(&scratch.0).map_err(said(&scratch.0.to_string_lossy()))?;
        Ok(scratch)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Never made, or gone already: nothing is left either way.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Letters and digits nobody can guess.
pub(crate) fn secret() -> Outcome<String> {
    use std::fmt::Write;
    use std::io::Read;
    let mut bytes = [0; 24];
    let mut source = std::fs::File::open("/dev/urandom").map_err(said("/dev/urandom"))?;
    source.read_exact(&mut bytes).map_err(said("/dev/urandom"))?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

/// Turns an error of the file system into a sentence about `what`.
pub(crate) fn said<E: std::fmt::Display>(what: &str) -> impl Fn(E) -> String {
    let what = what.to_owned();
    move |error| format!("{what}: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_program_is_found_and_a_scratch_folder_goes_with_its_value() {
        assert!(own_program().expect("this program").exists());
        let parent = std::env::temp_dir();
        let scratch = Scratch::make(&parent, "test-of-scratch").expect("a folder");
        let path = scratch.path().to_owned();
        std::fs::write(path.join("file"), "x").expect("a file");
        assert!(Scratch::make(&parent, "test-of-scratch").is_err(), "what is there already is nobody's scratch");
        drop(scratch);
        assert!(!path.exists());
    }
}
