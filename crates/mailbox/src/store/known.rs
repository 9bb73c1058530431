//! The SQL of correspondents.

use maincourante_identity::UsagerId;
use maincourante_kernel::{Failure, Timestamp, Tx, execute, fetch_optional};

/// When the first letter of this correspondent came, and when the person last wrote to them.
pub(crate) type Known = (Option<Timestamp>, Option<Timestamp>);

pub(crate) async fn find(tx: &mut Tx, usager: UsagerId, address: &[u8]) -> Result<Option<Known>, Failure> {
    fetch_optional!(tx, Known, "select first_at, written_at from correspondent where usager = $1 and address = $2", usager, address)
}

/// The first letter is the one that was found first: it does not change.
pub(crate) async fn wrote(tx: &mut Tx, usager: UsagerId, address: &[u8], first_at: Timestamp) -> Result<(), Failure> {
    execute!(
        tx,
        "
        insert into correspondent (usager, address, first_at) values ($1, $2, $3)
        on conflict (usager, address) do update set first_at = coalesce(correspondent.first_at, excluded.first_at)",
        usager,
        address,
        first_at
    )?;
    Ok(())
}

pub(crate) async fn written(tx: &mut Tx, usager: UsagerId, address: &[u8], now: Timestamp) -> Result<(), Failure> {
    execute!(
        tx,
        "
        insert into correspondent (usager, address, written_at) values ($1, $2, $3)
        on conflict (usager, address) do update set written_at = excluded.written_at",
        usager,
        address,
        now
    )?;
    Ok(())
}
