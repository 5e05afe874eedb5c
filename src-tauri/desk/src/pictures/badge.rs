//! The number of new alerts as a picture, for the corner of the window's button in the taskbar of Windows, which draws none itself.

/// Pixels in each direction: what Windows shows, twice, because it scales.
pub const PIXELS: u32 = 32;

const RED: [u8; 4] = [0xd1, 0x1f, 0x1f, 0xff];
const WHITE: [u8; 4] = [0xff; 4];
const NOTHING: [u8; 4] = [0; 4];

/// Signs of three by five dots, a row in three bits each, from the top: 0 to 9, and a plus.
const SIGNS: [[u8; 5]; 11] = [
    [7, 5, 5, 5, 7],
    [2, 6, 2, 2, 7],
    [7, 1, 7, 4, 7],
    [7, 1, 7, 1, 7],
    [5, 5, 7, 1, 1],
    [7, 4, 7, 1, 7],
    [7, 4, 7, 5, 7],
    [7, 1, 1, 2, 2],
    [7, 5, 7, 5, 7],
    [7, 5, 7, 1, 7],
    [0, 2, 7, 2, 0],
];
const PLUS: usize = 10;

/// RGBA: a red disc with the number on it, from ten on "9+". `None`: there is nothing to tell.
pub fn draw(count: u32) -> Option<Vec<u8>> {
    let signs = match usize::try_from(count).unwrap_or(usize::MAX) {
        0 => return None,
        digit @ 1..=9 => vec![digit],
        _ => vec![9, PLUS],
    };
    let colour = |column, row| match (is_lit(&signs, column, row), is_disc(column, row)) {
        (true, _) => WHITE,
        (false, true) => RED,
        (false, false) => NOTHING,
    };
    let rows = 0..PIXELS;
    let pixels = rows.flat_map(|row| (0..PIXELS).map(move |column| (column, row)));
    Some(
        pixels
            .flat_map(|(column, row)| colour(column, row))
            .collect(),
    )
}

fn is_disc(column: u32, row: u32) -> bool {
    let middle = f64::from(PIXELS) / 2.0;
    let from_middle = |pixel: u32| f64::from(pixel) + 0.5 - middle;
    from_middle(column).hypot(from_middle(row)) <= middle
}

/// Whether a dot of the signs, which stand in the middle beside each other, is at this pixel.
fn is_lit(signs: &[usize], column: u32, row: u32) -> bool {
    let dot = if signs.len() == 1 { 4 } else { 3 };
    let advance = 4 * dot;
    let count = u32::try_from(signs.len()).unwrap_or(1);
    let (left, top) = (
        (PIXELS - (count * advance - dot)) / 2,
        (PIXELS - 5 * dot) / 2,
    );
    let (Some(x), Some(y)) = (column.checked_sub(left), row.checked_sub(top)) else {
        return false;
    };
    let place = usize::try_from(x / advance).unwrap_or(usize::MAX);
    let (column, row) = (
        x % advance / dot,
        usize::try_from(y / dot).unwrap_or(usize::MAX),
    );
    let bits = signs
        .get(place)
        .and_then(|sign| SIGNS.get(*sign))
        .and_then(|rows| rows.get(row));
    column < 3 && bits.is_some_and(|bits| bits >> (2 - column) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The picture in letters, every second pixel.
    fn shape(count: u32) -> String {
        let pixels = draw(count).unwrap();
        assert_eq!(pixels.len(), (PIXELS * PIXELS * 4) as usize);
        let rows = pixels.chunks(4 * PIXELS as usize).step_by(4);
        rows.map(|row| {
            let row = row.chunks(4).step_by(2);
            let letters = row.map(|pixel| match pixel {
                [.., 0] => ' ',
                [0xff, 0xff, ..] => '#',
                _ => '.',
            });
            letters.collect::<String>().trim_end().to_owned() + "\n"
        })
        .collect()
    }

    #[test]
    fn one_alert_is_a_number_and_none_is_nothing() {
        assert_eq!(draw(0), None);
        let expected = [
            "      ....",
            "   ...........",
            " ....##..##....",
            ".....##..##.....",
            ".....######.....",
            " ........##.....",
            " ........##....",
            "   ..........",
        ];
        assert_eq!(shape(4).lines().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn more_than_nine_are_one_picture() {
        assert_eq!(draw(10), draw(4_000_000_000));
        let all: std::collections::BTreeSet<_> = (1..=10).map(draw).collect();
        assert_eq!(all.len(), 10);
    }
}
