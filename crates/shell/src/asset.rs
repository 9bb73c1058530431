//! The style sheet, the script, the fonts, the logo: inside the binary, served under names that say their content.
//!
//! A name holds 64 bits of the SHA-256 of what it names, so browsers keep it for ever and never ask again.
//! Comments stay in the sources: what is served has none.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE32_NOPAD;
use rust_embed::Embed;

use crate::{Door, Doors, Space};

#[derive(Embed)]
#[folder = "assets/"]
struct Files;

struct Asset {
    /// `/assets/style.k3vq2m.css`
    url: String,
    kind: &'static str,
    bytes: Cow<'static, [u8]>,
}

static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let mut all = BTreeMap::new();
    // Fonts first: the style sheet names them by their served names.
    let mut names: Vec<_> = Files::iter().collect();
    names.sort_by_key(|name| std::path::Path::new(name.as_ref()).extension().is_some_and(|kind| kind == "css"));
    for name in names {
        let Some(file) = Files::get(&name) else { continue };
        let asset = served(&name, file.data, &all);
        all.insert(name.into_owned(), asset);
    }
    all
});

/// The address of an asset: `asset("style.css")`.
///
/// # Panics
/// When no file bears this name: a template names one that was never written, and no page can be drawn without it.
pub fn asset(name: &str) -> &'static str {
    &ASSETS.get(name).expect("the asset is in crates/shell/assets").url
}

pub(crate) fn open() -> (Router, Vec<Door>) {
    Doors::of(Space::PUBLIC).get("/assets/{name}", show).open()
}

async fn show(Path(name): Path<String>) -> Response {
    let (stem, kind) = name.rsplit_once('.').unwrap_or((&name, ""));
    let (stem, _) = stem.rsplit_once('.').unwrap_or((stem, ""));
    let plain = format!("{stem}.{kind}");
    let Some(asset) = ASSETS.iter().find(|(name, _)| name.rsplit('/').next() == Some(&plain)).map(|(_, asset)| asset) else {
        return (StatusCode::NOT_FOUND, headers("text/plain; charset=utf-8", "no-store")).into_response();
    };
    // While a new version is being put in place, its pages may ask an old process for what it has under another
    // name: it gives what it has, and nobody keeps it.
    let keep = if asset.url.ends_with(&name) { "public, max-age=31536000, immutable" } else { "no-store" };
    (headers(asset.kind, keep), asset.bytes.clone()).into_response()
}

/// Few headers: they count on a first visit. An asset is no page: it may load nothing.
fn headers(kind: &'static str, keep: &'static str) -> [(HeaderName, &'static str); 5] {
    [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, keep),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ]
}

fn served(name: &str, bytes: Cow<'static, [u8]>, others: &BTreeMap<String, Asset>) -> Asset {
    let file = name.rsplit('/').next().unwrap_or(name);
    let (stem, kind) = file.rsplit_once('.').unwrap_or((file, ""));
    let (kind, bytes) = match kind {
        "css" => ("text/css; charset=utf-8", Cow::Owned(style(&bytes, others).into_bytes())),
        "js" => ("text/javascript; charset=utf-8", Cow::Owned(script(&bytes).into_bytes())),
        "svg" => ("image/svg+xml", bytes),
        "woff2" => ("font/woff2", bytes),
        _ => ("text/plain; charset=utf-8", bytes),
    };
    let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
    let hash = BASE32_NOPAD.encode(&digest.as_ref()[..8]).to_lowercase();
    let extension = file.strip_prefix(stem).unwrap_or_default();
    Asset { url: format!("/assets/{stem}.{hash}{extension}"), kind, bytes }
}

/// The style sheet without comments nor indentation, its fonts under their served names.
fn style(source: &[u8], others: &BTreeMap<String, Asset>) -> String {
    let mut rest = String::from_utf8_lossy(source).into_owned();
    for (name, asset) in others {
        rest = rest.replace(&format!("url({name})"), &format!("url({})", asset.url));
    }
    let mut out = String::with_capacity(rest.len());
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or_else(String::new, |(_, after)| after.to_owned());
    }
    out.push_str(&rest);
    out.lines().map(str::trim).collect()
}

/// The script without its whole-line comments nor indentation; no line is joined to another.
fn script(source: &[u8]) -> String {
    let text = String::from_utf8_lossy(source);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}
