//! A signature drawn with a finger: points in a box, and the picture we make of them.
//!
//! The browser sends points, never a picture: a stranger's SVG does not enter a document. Neither time nor pressure is kept,
//! since they would make of a signature a biometric datum (GDPR article 4(14)).

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// A drawn signature: strokes of whole points inside a box whose origin is at the top left.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Drawn", into = "Drawn")]
pub struct Strokes(Drawn);

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Drawn {
    width: u16,
    height: u16,
    strokes: Vec<Vec<(u16, u16)>>,
}

/// Why points are not a signature we can print.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadStrokes {
    /// Nothing was drawn.
    Empty,
    /// The box is too small, too large, or too narrow to be a place where one signs.
    BadBox,
    /// A point lies out of the box.
    OutOfBox,
    /// More strokes or points than a hand draws.
    TooMany,
}

impl Strokes {
    /// Sides of the box, in pixels of the screen.
    const SIDES: std::ops::RangeInclusive<u16> = 50..=8000;
    /// Ten minutes of drawing at the pace of a screen would give more; a signature of ten seconds gives about 600.
    const POINTS: usize = 6000;
    const STROKES: usize = 300;

    /// A signature, if these points can be one.
    pub fn new(width: u16, height: u16, strokes: Vec<Vec<(u16, u16)>>) -> Result<Self, BadStrokes> {
        let points = || strokes.iter().flatten();
        if !Self::SIDES.contains(&width) || !Self::SIDES.contains(&height) || width.max(height) / width.min(height) > 10 {
            return Err(BadStrokes::BadBox);
        }
        if strokes.len() > Self::STROKES || points().count() > Self::POINTS {
            return Err(BadStrokes::TooMany);
        }
        if points().next().is_none() {
            return Err(BadStrokes::Empty);
        }
        if points().any(|&(x, y)| x > width || y > height) {
            return Err(BadStrokes::OutOfBox);
        }
        Ok(Self(Drawn { width, height, strokes }))
    }

    /// How many points were drawn.
    pub fn points(&self) -> usize {
        self.0.strokes.iter().map(Vec::len).sum()
    }

    /// The picture: what is drawn, framed close, in ink.
    pub fn svg(&self) -> String {
        let pen = (self.0.width / 110).max(2);
        let frame = self.frame(pen);
        let mut svg = format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{} {} {} {}"><g fill="none" stroke="#211c15" stroke-width="{pen}" stroke-linecap="round" stroke-linejoin="round">"##,
            frame.left, frame.top, frame.width, frame.height,
        );
        for stroke in &self.0.strokes {
            match stroke.as_slice() {
                [] => {}
                [(x, y)] => drawn(&mut svg, format_args!(r##"<circle cx="{x}" cy="{y}" r="{pen}" fill="#211c15" stroke="none"/>"##)),
                points => drawn(&mut svg, format_args!(r#"<path d="{}"/>"#, Smooth(points))),
            }
        }
        svg.push_str("</g></svg>");
        svg
    }

    /// What the ink covers, with room for the pen; at least a quarter of the box, so that a dot stays a dot.
    fn frame(&self, pen: u16) -> Frame {
        let span = |along: fn(&(u16, u16)) -> u16, side: u16| {
            let ink = || self.0.strokes.iter().flatten().map(along).map(i32::from);
            let (low, high) = (ink().min().unwrap_or(0), ink().max().unwrap_or(0));
            let length = (high - low + 4 * i32::from(pen)).max(i32::from(side) / 4);
            ((low + high - length) / 2, length)
        };
        let (left, width) = span(|point| point.0, self.0.width);
        let (top, height) = span(|point| point.1, self.0.height);
        Frame { left, top, width, height }
    }
}

struct Frame {
    left: i32,
    top: i32,
    width: i32,
    height: i32,
}

/// A path through the middles of the segments, each point pulling its curve: what a finger meant. Halves are written exactly.
struct Smooth<'a>(&'a [(u16, u16)]);

impl std::fmt::Display for Smooth<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (first, last) = (self.0[0], self.0[self.0.len() - 1]);
        write!(out, "M{} {}", first.0, first.1)?;
        for pair in self.0.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            write!(out, "Q{} {} {} {}", from.0, from.1, Middle(from.0, to.0), Middle(from.1, to.1))?;
        }
        write!(out, "L{} {}", last.0, last.1)
    }
}

struct Middle(u16, u16);

impl std::fmt::Display for Middle {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sum = u32::from(self.0) + u32::from(self.1);
        write!(out, "{}{}", sum / 2, if sum % 2 == 1 { ".5" } else { "" })
    }
}

fn drawn(svg: &mut String, shape: std::fmt::Arguments<'_>) {
    svg.write_fmt(shape).expect("writing to a string does not fail");
}

impl TryFrom<Drawn> for Strokes {
    type Error = BadStrokes;

    fn try_from(drawn: Drawn) -> Result<Self, BadStrokes> {
        Self::new(drawn.width, drawn.height, drawn.strokes)
    }
}

impl From<Strokes> for Drawn {
    fn from(strokes: Strokes) -> Self {
        strokes.0
    }
}

impl std::fmt::Display for BadStrokes {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Empty => "nothing was drawn",
            Self::BadBox => "not a box one signs in",
            Self::OutOfBox => "a point lies out of the box",
            Self::TooMany => "too many strokes or points",
        })
    }
}

impl std::error::Error for BadStrokes {}

// A signature is personal: it does not reach a log by `{:?}`.
impl std::fmt::Debug for Strokes {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Strokes(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_out_of_reason_are_refused() {
        let refused = |width, height, strokes| Strokes::new(width, height, strokes).unwrap_err();
        assert_eq!(refused(600, 200, vec![]), BadStrokes::Empty);
        assert_eq!(refused(600, 200, vec![vec![]]), BadStrokes::Empty);
        assert_eq!(refused(600, 200, vec![vec![(10, 201)]]), BadStrokes::OutOfBox);
        assert_eq!(refused(10, 10, vec![vec![(1, 1)]]), BadStrokes::BadBox);
        assert_eq!(refused(8000, 60, vec![vec![(1, 1)]]), BadStrokes::BadBox);
        assert_eq!(refused(600, 200, vec![vec![(1, 1)]; 301]), BadStrokes::TooMany);
        assert_eq!(refused(600, 200, vec![vec![(1, 1); 6001]]), BadStrokes::TooMany);
    }

    #[test]
    fn stored_strokes_are_checked_again_when_read() {
        let strokes = Strokes::new(600, 200, vec![vec![(1, 2), (3, 5)]]).unwrap();
        let kept = serde_json::to_string(&strokes).unwrap();
        assert_eq!(serde_json::from_str::<Strokes>(&kept).unwrap(), strokes);
        assert!(serde_json::from_str::<Strokes>(&kept.replace("600", "2")).is_err());
    }

    #[test]
    fn the_picture_holds_the_ink_and_nothing_else() {
        let svg = Strokes::new(600, 200, vec![vec![(100, 100), (201, 50), (300, 100)], vec![(400, 60)]]).unwrap().svg();
        assert!(svg.contains(r#"<path d="M100 100Q100 100 150.5 75Q201 50 250.5 75L300 100"/>"#), "{svg}");
        assert!(svg.contains(r#"<circle cx="400" cy="60""#), "{svg}");
        assert!(svg.starts_with(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="90 40 320 70">"#), "{svg}");
    }
}
