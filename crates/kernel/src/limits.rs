//! Rate limits, counted in the database: they hold across processes and restarts.
//!
//! A bucket counts per requester or per account in windows of fixed length. Keys are blind indexes:
//! an address or an IP never lies here in clear.

use crate::clock::{Span, Timestamp};
use crate::{Failure, Tx, Vault, store};

/// At most `most` in each window of `per`.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// The bucket's name: `sign_in.account`.
    pub bucket: &'static str,
    /// How many are allowed in a window.
    pub most: i64,
    /// The length of a window.
    pub per: Span,
}

/// What counting one more gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Take {
    /// Go on; this many are left in the window.
    Allowed {
        /// How many more would be allowed.
        left: i64,
    },
    /// Too many: wait this long.
    Refused {
        /// Until the window closes.
        wait: Span,
    },
}

/// Counts one more for `who` (an address, an account, an IP) and says whether it is within the limit.
///
/// # Errors
/// When the database refuses.
pub async fn take(tx: &mut Tx, limit: Limit, who: &str, vault: &Vault, now: Timestamp) -> Result<Take, Failure> {
    let key = vault.index("rate_limit", &format!("{}|{who}", limit.bucket));
    let (count, opened) = store::count_one(tx, limit.bucket, &key, now, now.minus(limit.per)).await?;
    if count <= limit.most {
        return Ok(Take::Allowed { left: limit.most - count });
    }
    Ok(Take::Refused { wait: opened.plus(limit.per).since(now) })
}

/// Forgets the count of `who`: a success pays for the failures before it.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, limit: Limit, who: &str, vault: &Vault) -> Result<(), Failure> {
    let key = vault.index("rate_limit", &format!("{}|{who}", limit.bucket));
    store::forget_count(tx, limit.bucket, &key).await
}
