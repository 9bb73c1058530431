//! The pages of aidants, structures and operators, and the screen they lend.
//!
//! Deliberately knows nothing of: SQL, rules, cryptography, messages and documents: it has no arrow to them.
