//! The pages of the person, and the public ones.
//!
//! Deliberately knows nothing of: SQL, rules, cryptography.
