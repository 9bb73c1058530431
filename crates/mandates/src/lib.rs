//! Structures, aidants, mandates, powers, the evidence of signature, the proof `Access`, and the acts done under it.
//!
//! Deliberately knows nothing of: messages and documents: it has no arrow to them.
