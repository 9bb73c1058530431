//! What every page needs: frame, form token, notices, failure page, headers, cookies, assets, languages.
//!
//! Deliberately knows nothing of: any page.
