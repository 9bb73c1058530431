//! A line to a server that can be cut, held, or counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What [`Mode::Slow`] keeps bytes for: two questions with their answers take more than the time there is for one page of a search, and
/// less than makes a server one that hangs.
const WHILE: Duration = Duration::from_millis(400);

/// What becomes of the bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// They pass.
    Pass,
    /// They pass after a while: a server that works, and is not quick.
    Slow,
    /// They are taken and go nowhere: a server that hangs.
    Hold,
    /// The connection is closed.
    Cut,
}

/// A server between us and the server.
pub(super) struct Proxy {
    pub port: u16,
    mode: watch::Sender<Mode>,
    opened: Arc<AtomicUsize>,
    open: watch::Sender<usize>,
}

impl Proxy {
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let proxy = Self {
            port: listener.local_addr().unwrap().port(),
            mode: watch::channel(Mode::Pass).0,
            opened: Arc::default(),
            open: watch::channel(0).0,
        };
        let (mode, opened, open) = (proxy.mode.clone(), Arc::clone(&proxy.opened), proxy.open.clone());
        tokio::spawn(async move {
            while let Ok((ours, _)) = listener.accept().await {
                opened.fetch_add(1, Ordering::SeqCst);
                let (mode, open) = (mode.subscribe(), open.clone());
                tokio::spawn(async move {
                    open.send_modify(|open| *open += 1);
                    carry(ours, port, mode).await;
                    open.send_modify(|open| *open -= 1);
                });
            }
        });
        proxy
    }

    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }

    /// How many connections were ever opened.
    pub fn opened(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }

    /// Waits until this many connections are open.
    pub async fn wait_for_open(&self, wanted: usize) {
        self.open.subscribe().wait_for(|open| *open == wanted).await.unwrap();
    }
}

async fn carry(mut ours: TcpStream, port: u16, mut mode: watch::Receiver<Mode>) {
    let Ok(mut theirs) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let (mut up, mut down) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    loop {
        let now = *mode.borrow_and_update();
        let (read, to) = tokio::select! {
            read = ours.read(&mut up) => (read.map(|count| &up[..count]), &mut theirs),
            read = theirs.read(&mut down) => (read.map(|count| &down[..count]), &mut ours),
            _ = mode.changed() => continue,
        };
        match (read, now) {
            (Ok([]) | Err(_), _) | (_, Mode::Cut) => return,
            (Ok(_), Mode::Hold) => {}
            (Ok(bytes), Mode::Pass | Mode::Slow) => {
                if now == Mode::Slow {
                    tokio::time::sleep(WHILE).await;
                }
                if to.write_all(bytes).await.is_err() {
                    return;
                }
            }
        }
    }
}
