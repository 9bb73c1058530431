//! Text messages: their words, the gateways, delivery.
//!
//! Deliberately knows nothing of: why a text is sent.
