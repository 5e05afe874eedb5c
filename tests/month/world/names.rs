//! How the sender names an eSIM: by its id, by its ICCID, and now and then in a way that says less than it seems to.

use crate::chance::Chance;

use super::{Said, Temper};

/// So many digits a spreadsheet keeps of a number.
const DOUBLE_DIGITS: usize = 15;

/// What stands where an id is not known yet.
const NO_ID: [&str; 4] = [
    "pending",
    "N/A",
    "0",
    "00000000-0000-0000-0000-000000000000",
];

/// What stands where an ICCID is not known yet.
const NO_ICCID: [&str; 4] = ["N/A", "0000000000000000000", "1111111111111111111", "-"];

/// An eSIM's id as the sender knows it.
pub fn esim_id(number: usize) -> String {
    format!("esim-{number}")
}

pub fn iccid(number: usize) -> String {
    format!("894450010219{:07}", number + 1)
}

/// What one thing that is said names of an eSIM, as JSON.
pub struct Names {
    pub id: Option<String>,
    pub iccid: Option<String>,
}

impl Names {
    /// `number` and whose ICCID it has. `known`: both names of it have come.
    pub fn of(
        chance: &mut Chance,
        temper: &Temper,
        said: &Said,
        (number, iccid_of): (usize, usize),
        known: bool,
    ) -> Names {
        let quoted = |text: &str| format!(r#""{text}""#);
        let (id, number) = (esim_id(number), iccid(iccid_of));
        let plain = Names {
            id: said.names_id.then(|| quoted(&id)),
            iccid: said.names_iccid.then(|| quoted(&number)),
        };
        if !said.names_iccid || !chance.percent(temper.misspelled) {
            return plain;
        }
        match (known, said.names_id) {
            // The other name tells who it is.
            (true, true) if chance.percent(60) => Names {
                iccid: Some(worthless(chance, &number)),
                ..plain
            },
            (true, false) if chance.percent(60) => Names {
                id: Some(quoted(chance.one_of(&NO_ID))),
                ..plain
            },
            _ => Names {
                iccid: Some(quoted(&spelled(chance, &number))),
                ..plain
            },
        }
    }
}

/// The same number as people and systems write it.
fn spelled(chance: &mut Chance, number: &str) -> String {
    let parted = |by: &str| {
        let parts: Vec<String> = number
            .as_bytes()
            .chunks(4)
            .map(|part| String::from_utf8(part.to_vec()).unwrap())
            .collect();
        parts.join(by)
    };
    match chance.between(0, 5) {
        0 => parted("-"),
        1 => parted(" "),
        2 => format!("{number}F"),
        3 => format!("{number}f"),
        _ => format!("\u{200e}{number}\u{a0}"),
    }
}

/// What is left of a number that went through a spreadsheet, and what stands where there was none.
fn worthless(chance: &mut Chance, number: &str) -> String {
    let rounded = || number.parse::<f64>().unwrap();
    match chance.between(0, 6) {
        0 => rounded().to_string(),
        1 => format!(r#""{:e}""#, rounded()),
        2 => format!(r#""{number}.0""#),
        3 => format!(r#""{}""#, &number[..DOUBLE_DIGITS]),
        4 => format!(r#""{:0<19}""#, &number[..DOUBLE_DIGITS]),
        _ => format!(r#""{}""#, chance.one_of(&NO_ICCID)),
    }
}
