//! The tray's three pictures, drawn when they are needed, at the size that is needed.
//!
//! They differ by shape and not by colour alone: a SIM on a tile; the same with a warning triangle; a
//! hollow tile struck through. Each reads on a light and on a dark panel.

use crate::tray::Mood;

/// Points that are looked at within a pixel, in each direction: their share smooths the edges.
const FINE: u32 = 4;

type Colour = [u8; 3];

const BLUE: Colour = [0x1f, 0x5e, 0xff];
const WHITE: Colour = [0xff, 0xff, 0xff];
const AMBER: Colour = [0xff, 0xb0, 0x20];
const BLACK: Colour = [0x1a, 0x1a, 0x1a];
const GREY: Colour = [0x8a, 0x93, 0xa3];
const RED: Colour = [0xe0, 0x2d, 0x2d];

/// RGBA, `size` by `size`.
pub fn draw(mood: Mood, size: u32) -> Vec<u8> {
    let colour_at = match mood {
        Mood::Well => well,
        Mood::Attention => attention,
        Mood::Deaf => deaf,
    };
    let mut pixels = Vec::new();
    for row in 0..size {
        for column in 0..size {
            pixels.extend(pixel(colour_at, column, row, size));
        }
    }
    pixels
}

/// The mean of the points in a pixel.
fn pixel(colour_at: fn(Point) -> Option<Colour>, column: u32, row: u32, size: u32) -> [u8; 4] {
    let place = |pixel: u32, part: u32| {
        (f64::from(pixel) + (f64::from(part) + 0.5) / f64::from(FINE)) / f64::from(size)
    };
    let (mut sum, mut hits) = ([0_u32; 3], 0);
    for (x, y) in (0..FINE).flat_map(|x| (0..FINE).map(move |y| (x, y))) {
        let point = Point {
            x: place(column, x),
            y: place(row, y),
        };
        if let Some(colour) = colour_at(point) {
            hits += 1;
            for (sum, part) in sum.iter_mut().zip(colour) {
                *sum += u32::from(part);
            }
        }
    }
    // Means of bytes are bytes.
    let byte = |value: u32| u8::try_from(value).unwrap_or(u8::MAX);
    let [red, green, blue] = sum.map(|sum| byte(sum.checked_div(hits).unwrap_or(0)));
    [red, green, blue, byte(hits * 255 / (FINE * FINE))]
}

/// From the top left corner, in parts of the picture.
#[derive(Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
}

fn well(at: Point) -> Option<Colour> {
    if !tile(at, 0.0) {
        return None;
    }
    Some(if sim(at) && !contact(at) { WHITE } else { BLUE })
}

fn attention(at: Point) -> Option<Colour> {
    if mark(at) {
        Some(BLACK)
    } else if triangle(at, 0.0) {
        Some(AMBER)
    } else if triangle(at, 0.07) {
        // A gap, so that the triangle stands off whatever is behind it.
        None
    } else {
        well(at)
    }
}

fn deaf(at: Point) -> Option<Colour> {
    let from_diagonal = (at.x + at.y - 1.0).abs() / f64::sqrt(2.0);
    let along = (at.x - at.y).abs();
    if along < 0.96 && from_diagonal < 0.075 {
        return Some(RED);
    }
    if along < 1.06 && from_diagonal < 0.135 {
        return None;
    }
    let rim = tile(at, 0.0) && !tile(at, 0.1);
    (rim || sim(at) && !contact(at)).then_some(GREY)
}

/// A square with round corners, this much smaller on each side.
fn tile(at: Point, inset: f64) -> bool {
    let radius = 0.22 - inset / 2.0;
    let over = |value: f64| ((value - 0.5).abs() - (0.5 - inset - radius)).max(0.0);
    over(at.x).hypot(over(at.y)) <= radius
}

/// A card with a corner cut off.
fn sim(at: Point) -> bool {
    within(at, (0.28, 0.17), (0.72, 0.83)) && at.x - at.y < 0.37
}

/// The card's contact.
fn contact(at: Point) -> bool {
    within(at, (0.39, 0.47), (0.61, 0.71))
}

/// A triangle that stands in the lower right corner, this much wider on each side.
fn triangle(at: Point, outset: f64) -> bool {
    let (top, bottom) = (0.40 - 2.0 * outset, 1.0 + outset);
    let half = (at.y - top) / (1.0 - 0.40) * 0.33;
    at.y >= top && at.y <= bottom && (at.x - 0.67).abs() <= half
}

/// The exclamation mark in it.
fn mark(at: Point) -> bool {
    within(at, (0.63, 0.60), (0.71, 0.80)) || within(at, (0.63, 0.85), (0.71, 0.93))
}

fn within(at: Point, (left, top): (f64, f64), (right, bottom): (f64, f64)) -> bool {
    (left..right).contains(&at.x) && (top..bottom).contains(&at.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which pixels are filled at all, whatever their colour.
    fn shape(mood: Mood) -> Vec<bool> {
        let pixels = draw(mood, 22);
        assert_eq!(pixels.len(), 22 * 22 * 4);
        pixels.chunks(4).map(|pixel| pixel[3] > 127).collect()
    }

    #[test]
    fn the_pictures_differ_without_their_colours() {
        let moods = [Mood::Well, Mood::Attention, Mood::Deaf];
        for (one, other) in [(0, 1), (0, 2), (1, 2)] {
            let pairs = shape(moods[one]).into_iter().zip(shape(moods[other]));
            let different = pairs.filter(|(one, other)| one != other).count();
            assert!(different > 22, "{different} pixels tell them apart");
        }
    }

    #[test]
    fn the_middle_of_the_tile_is_filled_and_its_corner_is_not() {
        let pixels = draw(Mood::Well, 44);
        assert_eq!(pixels[3], 0);
        assert_eq!(pixels[(22 * 44 + 22) * 4 + 3], 255);
    }
}
