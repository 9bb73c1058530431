//! What a run says at its end: the phases, how long and how much memory each took, and the two numbers that decide.

use std::fmt;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How many tests passed and failed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Counts {
    /// Adds what this line of a test runner says: cargo's `test result: …`, or node's `ℹ pass 3`.
    pub(crate) fn hear(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_end_matches([';', '.', ','])).collect();
        match words.as_slice() {
            ["test", "result:", _, passed, "passed", failed, "failed", ..] => {
                self.passed += passed.parse().unwrap_or(0);
                self.failed += failed.parse().unwrap_or(0);
            }
            ["ℹ", "pass", number] => self.passed += number.parse().unwrap_or(0),
            ["ℹ", "fail" | "cancelled", number] => self.failed += number.parse().unwrap_or(0),
            _ => {}
        }
    }
}

/// The account of a whole run.
pub(crate) struct Report {
    phases: Vec<Phase>,
    began: Instant,
}

struct Phase {
    name: &'static str,
    wall: Duration,
    peak: u64,
    counts: Counts,
    went_well: bool,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { phases: Vec::new(), began: Instant::now() }
    }

    /// For how long this has lasted.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Runs one phase. One that goes wrong without naming a failed test counts as one.
    pub(crate) fn phase(&mut self, name: &'static str, work: impl FnOnce(&mut Counts) -> Result<(), String>) {
        println!("\n── {name}");
        let began = Instant::now();
        let gauge = Gauge::start();
        let mut counts = Counts::default();
        let outcome = work(&mut counts);
        if let Err(sentence) = &outcome {
            println!("{name}: {sentence}");
            counts.failed = counts.failed.max(1);
        }
        self.phases.push(Phase {
            name,
            wall: began.elapsed(),
            peak: gauge.stop(),
            counts,
            went_well: outcome.is_ok() && counts.failed == 0,
        });
    }

    pub(crate) fn counts(&self) -> Counts {
        self.phases.iter().fold(Counts::default(), |sum, phase| Counts {
            passed: sum.passed + phase.counts.passed,
            failed: sum.failed + phase.counts.failed,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "\n{:<14} {:>8} {:>10} {:>7} {:>7}", "phase", "time", "memory", "passed", "failed")?;
        for Phase { name, wall, peak, counts, went_well } in &self.phases {
            let mark = if *went_well { "" } else { "  <-" };
            writeln!(out, "{name:<14} {:>8} {peak:>7} MB {:>7} {:>7}{mark}", minutes(*wall), counts.passed, counts.failed)?;
        }
        let peak = self.phases.iter().map(|phase| phase.peak).max().unwrap_or(0);
        writeln!(out, "{:<14} {:>8} {peak:>7} MB   (memory: the most the machine had in use at once)\n", "all", minutes(self.elapsed()))
    }
}

fn minutes(time: Duration) -> String {
    format!("{}:{:04.1}", time.as_secs() / 60, time.as_secs_f64() % 60.0)
}

/// Looks twice a second at how much memory is in use.
struct Gauge {
    stop: Sender<()>,
    watcher: JoinHandle<u64>,
}

impl Gauge {
    fn start() -> Self {
        let (stop, stopped) = mpsc::channel();
        let watcher = std::thread::spawn(move || {
            let mut peak = in_use();
            while stopped.recv_timeout(Duration::from_millis(500)) == Err(RecvTimeoutError::Timeout) {
                peak = peak.max(in_use());
            }
            peak
        });
        Self { stop, watcher }
    }

    fn stop(self) -> u64 {
        drop(self.stop);
        self.watcher.join().unwrap_or(0)
    }
}

/// Megabytes, as the kernel counts them; 0 where it does not say.
fn in_use() -> u64 {
    let told = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = |name: &str| {
        told.lines().find_map(|line| line.strip_prefix(name)).and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
    };
    match (line("MemTotal:"), line("MemAvailable:")) {
        (Some(all), Some(free)) => all.saturating_sub(free) / 1024,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_are_heard() {
        let mut counts = Counts::default();
        for line in [
            "test result: FAILED. 12 passed; 1 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.30s",
            "ℹ pass 4",
            "ℹ fail 2",
            "ℹ cancelled 1",
            "ℹ tests 7",
            "test a ... ok",
        ] {
            counts.hear(line);
        }
        assert_eq!(counts, Counts { passed: 16, failed: 4 });
    }

    #[test]
    fn a_phase_that_goes_wrong_without_a_test_is_one_failure() {
        let mut report = Report::new();
        report.phase("clippy", |_| Err("a warning".into()));
        report.phase("tests", |counts| {
            counts.passed = 3;
            Ok(())
        });
        assert_eq!(report.counts(), Counts { passed: 3, failed: 1 });
        let marked: Vec<bool> = report.to_string().lines().map(|line| line.ends_with("<-")).collect();
        assert_eq!(marked[2..4], [true, false], "{report}");
    }
}
