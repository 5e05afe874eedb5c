//! Lists in text: their delimiters, encodings and oddities.

use super::*;

/// The names in a list of these bytes, each of which has the reference T-1.
fn names_in(bytes: &[u8]) -> Vec<String> {
    let list = read(&Table::read(bytes).unwrap(), &Reading::default());
    for line in &list.lines {
        assert_eq!(line.reference.as_deref(), Some("T-1"));
    }
    names(&list).into_iter().map(str::to_owned).collect()
}

#[test]
fn semicolons_are_told_from_those_inside_of_quotes() {
    let bytes = "\u{feff}Name;Referenz\r\n\"Müller; Anna\";T-1\r\n";
    assert_eq!(names_in(bytes.as_bytes()), ["Müller; Anna"]);
}

#[test]
fn what_is_no_utf_8_is_windows_1252() {
    assert_eq!(names_in(b"Name,Reference\nMu\xf1oz,T-1\n"), ["Muñoz"]);
}

#[test]
fn utf_16_is_known_by_its_mark() {
    let wide: Vec<u8> = "\u{feff}Name\tReference\nŁukasz\tT-1\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(names_in(&wide), ["Łukasz"]);
}

#[test]
fn bars_are_delimiters_as_well() {
    assert_eq!(names_in(b"Name|Reference\nAnna|T-1\n"), ["Anna"]);
}

#[test]
fn a_comma_in_a_name_does_not_split_a_pasted_table() {
    assert_eq!(
        names_in(b"Name\tReference\nBauer, Anna\tT-1\n"),
        ["Bauer, Anna"]
    );
}

#[test]
fn what_makes_a_spreadsheet_take_a_number_for_text_is_left_out() {
    let formula = line("Name\tICCID", "Anna\t=\"89445012345678901234\"");
    let apostrophe = line("Name\tICCID", "Anna\t'89445012345678901234");
    for found in [formula, apostrophe] {
        assert_eq!(found.iccid.as_deref(), Some("89445012345678901234"));
    }
}

#[test]
fn a_line_may_be_wider_or_shorter_than_the_headings() {
    let list =
        understood("Name,Reference\nAnna,T-1,more,and more\nJan,T-2\nEva\nLea,T-3\nTom,T-4\n");
    assert_eq!(names(&list), ["Anna", "Jan", "Lea", "Tom"]);
    assert_eq!(list.lines[2].traveller, Err(LineProblem::NothingToFindBy));
}

#[test]
fn the_longest_list_is_taken() {
    let list = "a,b\n".repeat(MAX_ROWS);
    assert_eq!(Table::read(list.as_bytes()).unwrap().rows.len(), MAX_ROWS);
}

#[test]
fn empty_lines_do_not_count_towards_the_longest_list() {
    let list = "a,b\n\n".repeat(MAX_ROWS);
    assert!(Table::read(list.as_bytes()).is_ok());
}
