//! What proving and verifying read.

use maincourante_kernel::{Failure, Tx, fetch_all};

use crate::tree::Hash;

/// The hashes of the first `size` entries, fewer when there are not as many.
pub(crate) async fn leaf_hashes(tx: &mut Tx, log: &str, size: u64) -> Result<Vec<Hash>, Failure> {
    let size = i64::try_from(size)?;
    let rows = fetch_all!(tx, (Vec<u8>,), "select leaf_hash from journal_entry where log = $1 and seq < $2 order by seq", log, size)?;
    rows.into_iter().map(|(hash,)| Hash::try_from(hash).map_err(|_| Failure::new("a leaf hash has 32 bytes"))).collect()
}
