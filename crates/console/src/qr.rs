//! A QR code, drawn on the server: what an authenticator reads with a camera never goes to a drawing service, nor through a script.

use askama::filters::Safe;
use maincourante_kernel::{Failure, Secret};
use qrcodegen::{QrCode, QrCodeEcc};

/// The quiet zone around the code (ISO/IEC 18004, section 5.3.8).
const MARGIN: i32 = 4;

/// The code of this text, as SVG. Black on white whatever the colours of the page: cameras want it so.
pub(crate) fn svg(text: &Secret<String>, label: &str) -> Result<Safe<String>, Failure> {
    let code = QrCode::encode_text(text.reveal(), QrCodeEcc::Medium).map_err(|_| Failure::new("too long for a QR code"))?;
    let size = code.size() + 2 * MARGIN;
    let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y))).filter(|&(x, y)| code.get_module(x, y));
    let squares: Vec<String> = dark.map(|(x, y)| format!("M{} {}h1v1h-1z", x + MARGIN, y + MARGIN)).collect();
    let path = squares.concat();
    let label = label.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    Ok(Safe(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {size} {size}\" role=\"img\" aria-label=\"{label}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_finders_are_in_their_corners_and_nothing_is_in_the_margin() {
        let drawn = svg(&Secret::new("otpauth://totp/x".into()), "Un code & \"lui\"").unwrap().0;
        let size: i32 = drawn.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let has = |x: i32, y: i32| drawn.contains(&format!("M{x} {y}h1"));
        // A finder is 7 modules wide, dark at its corners, with a light ring inside.
        for (x, y) in [(4, 4), (size - 11, 4), (4, size - 11)] {
            assert!(has(x, y) && has(x + 6, y) && has(x, y + 6) && !has(x + 1, y + 1) && has(x + 3, y + 3), "at {x} {y}");
        }
        assert!((0..size).all(|at| !has(at, 3) && !has(3, at)));
        assert!(drawn.contains("Un code &amp; &quot;lui&quot;"));
    }
}
