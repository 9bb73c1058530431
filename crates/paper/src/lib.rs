//! Documents to print and sign: versioned Typst templates made into tagged PDF/A. Built alone because it is slow to build.
//!
//! Deliberately knows nothing of: who signs what, and where the document is kept.
