//! The program at work: how long until its first page, and how much memory it keeps once nobody asks for anything.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use super::build::Built;
use super::median;
use super::table::Table;
use crate::host::{self, Outcome, Scratch, said};

/// Within this many milliseconds the demo answers: that its world is being made, or, when it is found again, with its pages.
const GOAL: f64 = 2000.0;
/// A year of a territory is made within this many milliseconds.
const GOAL_MADE: f64 = 15_000.0;
const PATIENCE: Duration = Duration::from_mins(1);
/// Memory that did not move by more than a hundredth for this many looks, one a second, has settled.
const STILL: u32 = 5;

/// The demo, until this value goes.
pub(crate) struct Started {
    process: Child,
    /// From its start to an answer, whatever it is, in milliseconds.
    first_answer: f64,
    /// From its start to its first page, in milliseconds.
    first_page: f64,
}

impl Started {
    /// Starts it and waits for its first page.
    pub(crate) fn demo(program: &Path, world: &Scratch) -> Outcome<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|free| free.local_addr()).map_err(said("a free port"))?.port();
        let (listen, world) = (format!("127.0.0.1:{port}"), world.path().to_string_lossy().into_owned());
        let began = Instant::now();
        let process = host::command(&program.to_string_lossy(), &["demo", "--json", "--listen", &listen, "--data", &world])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(said("the demo"))?;
        let mut started = Self { process, first_answer: 0.0, first_page: 0.0 };
        host::until("an answer of the demo", PATIENCE, || ask(port, "/").is_some())?;
        started.first_answer = began.elapsed().as_secs_f64() * 1000.0;
        host::until("the first page of the demo", PATIENCE, || answers(port))?;
        started.first_page = began.elapsed().as_secs_f64() * 1000.0;
        Ok(started)
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = host::run("kill", &["-TERM", &self.process.id().to_string()]);
        let _ = self.process.wait();
    }
}

/// Whether `/` leads to a page. It sends those who are not signed in to the sign-in page, which is asked for then.
fn answers(port: u16) -> bool {
    let Some(answer) = ask(port, "/") else { return false };
    let next = answer.lines().find_map(|line| line.strip_prefix("location: "));
    next.map_or(Some(answer.clone()), |next| ask(port, next.trim())).is_some_and(|page| page.starts_with("HTTP/1.1 200"))
}

/// What is answered at this address.
fn ask(port: u16, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    (!answer.is_empty()).then(|| String::from_utf8_lossy(&answer).into_owned())
}

/// First page and memory of the demo: its world made, then found again.
pub(crate) fn demo(built: &Built, runs: usize, table: &mut Table) -> Outcome<()> {
    let (mut answer, mut fresh, mut again) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..runs {
        let world = built.scratch("demo");
        let made = Started::demo(&built.program, &world)?;
        answer.push(made.first_answer);
        fresh.push(made.first_page);
        drop(made);
        again.push(Started::demo(&built.program, &world)?.first_page);
    }
    let (answer, fresh, again) = (median(answer)?, median(fresh)?, median(again)?);
    table.row(format!("demo: it says that its world is being made (median of {runs})"), "ms", answer, "goal", GOAL);
    table.row("demo, its world made: first page", "ms", fresh, "goal", GOAL_MADE);
    table.row("demo, its world found again: first page", "ms", again, "its world made", fresh);

    let world = built.scratch("demo");
    let made = settled(Started::demo(&built.program, &world)?.process.id())?;
    let found = settled(Started::demo(&built.program, &world)?.process.id())?;
    table.row("demo, its world just made, idle: RSS", "MB", made.rss, "PSS", made.pss);
    table.row("demo, its world found again, idle: RSS", "MB", found.rss, "PSS", found.pss);
    table.row("demo, its world found again, idle: PSS", "MB", found.pss, "its world just made", made.pss);
    Ok(())
}

/// What a process holds, in megabytes of a million bytes: all it sees (RSS), and its share of it (PSS).
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Memory {
    pub(crate) rss: f64,
    pub(crate) pss: f64,
}

/// What this process holds once that no longer moves.
pub(crate) fn settled(process: u32) -> Outcome<Memory> {
    let (mut last, mut still, mut next) = (memory(process)?, 0, Instant::now() + Duration::from_secs(1));
    host::until("a memory that keeps still", PATIENCE * 2, || {
        if Instant::now() < next {
            return false;
        }
        next = Instant::now() + Duration::from_secs(1);
        let Ok(now) = memory(process) else { return true };
        still = if (now.rss - last.rss).abs() <= last.rss / 100.0 { still + 1 } else { 0 };
        last = now;
        still >= STILL
    })?;
    memory(process)
}

fn memory(process: u32) -> Outcome<Memory> {
    let file = format!("/proc/{process}/smaps_rollup");
    let told = fs::read_to_string(&file).map_err(said(&file))?;
    understood(&told).ok_or_else(|| format!("{file} is not understood"))
}

fn understood(told: &str) -> Option<Memory> {
    let megabytes = |name: &str| {
        let line = told.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<f64>().ok().map(|kibibytes| kibibytes * 1024.0 / 1_000_000.0)
    };
    Some(Memory { rss: megabytes("Rss:")?, pss: megabytes("Pss:")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_is_understood() {
        let told = "55d0-7ffc ---p 00000000 00:00 0    [rollup]\nRss:     100000 kB\nPss:      50000 kB\nPss_Dirty:  7 kB\n";
        assert_eq!(understood(told), Some(Memory { rss: 102.4, pss: 51.2 }));
        assert_eq!(understood("Rss: 12 kB\n"), None);
    }

    #[test]
    fn this_process_holds_something() {
        let held = memory(std::process::id()).expect("this machine tells what a process holds");
        assert!(held.rss >= held.pss && held.pss > 0.1, "{held:?}");
    }
}
