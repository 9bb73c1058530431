//! Logs that only grow: leaf, tree, checkpoint, proof, export, verification; the clear personal values beside, under a key per person.
//!
//! Deliberately knows nothing of: messages, files, their contents; who may read what.
