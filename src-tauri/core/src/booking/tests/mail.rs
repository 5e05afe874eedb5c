//! Lists that are pasted from mails and web pages.

use super::*;

/// Name, reference and first day of each line.
fn told(text: &str) -> Vec<String> {
    let list = understood(text);
    let lines = list.lines.iter().map(|line| {
        let traveller = line.traveller.as_ref();
        let name = traveller.map_or("?", |one| one.name.as_str());
        let start = traveller.ok().and_then(|one| one.trip_start.as_deref());
        let reference = line.reference.as_deref().unwrap_or("-");
        format!("{name} {reference} {}", start.unwrap_or("-"))
    });
    lines.collect()
}

const BOTH: [&str; 2] = ["Anna Bauer T-1 2026-12-03", "Jan Vogel T-2 2026-12-04"];

#[test]
fn cells_are_parted_by_blanks_and_tabs() {
    for text in [
        "Anna Bauer   T-1   03.12.2026\nJan Vogel    T-2   04.12.2026\n",
        "Anna Bauer\tT-1   03.12.2026\nJan Vogel  T-2\t04.12.2026\n",
        "  Anna Bauer \t T-1 \t 03.12.2026 \n  Jan Vogel \t T-2 \t 04.12.2026\n",
        "Name\u{a0}\u{a0}\u{a0}Ref\u{a0}\u{a0}Start\nAnna Bauer\u{a0}\u{a0}T-1\u{a0}\u{a0}03.12.2026\nJan Vogel\u{a0}\u{a0}T-2\u{a0}\u{a0}04.12.2026\n",
        "Name         Reference   Departure\nAnna Bauer   T-1         03.12.2026\nJan Vogel    T-2         04.12.2026\n",
    ] {
        assert_eq!(told(text), BOTH, "{text}");
    }
}

#[test]
fn an_empty_cell_between_blanks_is_seen_by_where_the_others_stand() {
    let text = "Name         Reference   Departure    Note\n\
                Anna Bauer   T-1                      vegan\n\
                Jan Vogel    T-2         04.12.2026\n";
    assert_eq!(told(text), ["Anna Bauer T-1 -", BOTH[1]]);
}

#[test]
fn blanks_in_cells_part_nothing_where_something_else_does() {
    let text = "Anna  Bauer;T-1;03.12.2026\nJan Vogel;T-2;04.12.2026\n";
    assert_eq!(told(text), BOTH);
    assert_eq!(understood(text).reading.separator, Some(';'));
}

#[test]
fn what_a_mail_quotes_is_read_without_its_marks() {
    for text in [
        "> Name;Ref;Start\n> Anna Bauer;T-1;03.12.2026\n> Jan Vogel;T-2;04.12.2026\n",
        ">> Anna Bauer\tT-1\t03.12.2026\n>> Jan Vogel\tT-2\t04.12.2026\n",
        "> > Name   Ref   Start\n> > Anna Bauer   T-1   03.12.2026\n> >\n> > Jan Vogel   T-2   04.12.2026\n",
    ] {
        assert_eq!(told(text), BOTH, "{text}");
    }
}

#[test]
fn what_ends_a_sentence_is_no_part_of_a_cell() {
    for text in [
        "Anna Bauer\tT-1\t03.12.2026,\nJan Vogel\tT-2\t04.12.2026.\n",
        "Name\tStart\tRef\nAnna Bauer,\t03.12.2026,\tT-1.\nJan Vogel,\t04.12.2026;\t(T-2)\n",
        "03.12.2026; Anna Bauer; T-1,\n04.12.2026; Jan Vogel; T-2.\n",
    ] {
        assert_eq!(told(text), BOTH, "{text}");
    }
    let contact = traveller("Name\tRef\tMail", "Anna\tT-1\tanna@example.org,").unwrap();
    assert_eq!(contact.contact, "anna@example.org");
}

#[test]
fn a_name_may_have_its_address_beside_it() {
    for text in [
        "Name\tRef\nAnna Bauer <anna@example.org>\tT-1\n",
        "Guest\tRef\n\"Anna Bauer\" <anna@example.org>\tT-1\n",
        "Contact\tRef\nAnna Bauer <mailto:anna@example.org>\tT-1\n",
        "E-mail\tRef\nAnna Bauer (anna@example.org)\tT-1\n",
        "Anna Bauer <anna@example.org>\tT-1\nJan Vogel <jan@example.org>\tT-2\n",
        "Anna Bauer <anna@example.org>   T-1\nJan Vogel <jan@example.org>   T-2\n",
    ] {
        let list = understood(text);
        let first = list.lines[0].traveller.as_ref().unwrap();
        assert_eq!(first.name, "Anna Bauer", "{text}");
        assert_eq!(first.contact, "anna@example.org", "{text}");
    }
    let both = line(
        "To\tName\tRef",
        "\tAnna Bauer <anna@example.org>, Jan Vogel <jan@example.org>\tT-1",
    );
    let several = both.several.unwrap();
    assert!(several.sure);
    assert_eq!(several.travellers[1].name, "Jan Vogel");
    assert_eq!(several.travellers[1].contact, "jan@example.org");
}

#[test]
fn a_table_that_is_drawn_with_lines_is_read() {
    for text in [
        "| Name | Ref | Start |\n|------|:---:|-------|\n| Anna Bauer | T-1 | 03.12.2026 |\n| Jan Vogel | T-2 | 04.12.2026 |\n",
        "+------------+-----+------------+\n| Name       | Ref | Start      |\n+------------+-----+------------+\n| Anna Bauer | T-1 | 03.12.2026 |\n| Jan Vogel  | T-2 | 04.12.2026 |\n+------------+-----+------------+\n",
        "Name         Ref   Start\n----------   ---   ----------\nAnna Bauer   T-1   03.12.2026\nJan Vogel    T-2   04.12.2026\n",
    ] {
        assert_eq!(told(text), BOTH, "{text}");
    }
}

#[test]
fn a_table_of_a_web_page_may_have_each_cell_in_its_line() {
    let text = "Name\nRef\nStart\n\nAnna Bauer\nT-1\n03.12.2026\n\nJan Vogel\nT-2\n04.12.2026\n";
    assert_eq!(told(text), BOTH);
    assert_eq!(understood(text).lines[1].line, 9);
}

#[test]
fn each_field_may_stand_behind_its_name() {
    let text = "Dear all,\n\nName: Bauer, Anna\nBooking ref: T-1\nDeparture: 03.12.2026\n\n\
                Name: Vogel, Jan\nBooking ref: T-2.\nDeparture: 04.12.2026\n";
    assert_eq!(
        told(text),
        ["Bauer, Anna T-1 2026-12-03", "Vogel, Jan T-2 2026-12-04"]
    );
}
