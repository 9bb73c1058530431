//! The journal entries of what a person does alone.

use maincourante_kernel::{Failure, Kernel, Tx};

use crate::{Person, SignInMethod, UsagerId};

pub(crate) async fn signed_in(_tx: &mut Tx, _kernel: &Kernel, _usager: UsagerId, _method: SignInMethod) -> Result<(), Failure> {
    Ok(())
}

pub(crate) async fn sign_in_refused(_tx: &mut Tx, _kernel: &Kernel) -> Result<(), Failure> {
    Ok(())
}

pub(crate) async fn signed_out(_tx: &mut Tx, _kernel: &Kernel, _usager: UsagerId) -> Result<(), Failure> {
    Ok(())
}

pub(crate) async fn recovered_alone(_tx: &mut Tx, _kernel: &Kernel, _person: &Person, _ended: u64) -> Result<(), Failure> {
    Ok(())
}
