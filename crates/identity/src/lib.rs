//! Accounts and who is at the keyboard: passwords, TOTP, codes, sessions, phones, recovery; the proofs `Own`, `HandOver`, `Fresh`.
//!
//! Deliberately knows nothing of: structures and mandates.
