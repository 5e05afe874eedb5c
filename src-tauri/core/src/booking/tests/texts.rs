//! Lists in text: their delimiters, encodings and oddities.

use super::*;

/// The names in a list of these bytes, each of which has the reference T-1.
fn names_in(bytes: &[u8]) -> Vec<String> {
    let list = read(&table(bytes).unwrap(), &Reading::default(), TODAY);
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
        assert_eq!(found.iccids, ["89445012345678901234"]);
    }
}

#[test]
fn a_line_may_be_wider_or_shorter_than_the_headings() {
    let list =
        understood("Name,Reference\nAnna,T-1,more,and more\nJan,T-2\nEva\nLea,T-3\nTom,T-4\n");
    assert_eq!(names(&list), ["Anna", "Jan", "Eva", "Lea", "Tom"]);
}

#[test]
fn the_longest_list_is_taken() {
    let list = "a,b\n".repeat(MAX_ROWS);
    assert_eq!(table(list.as_bytes()).unwrap().rows.len(), MAX_ROWS);
}

#[test]
fn empty_lines_do_not_count_towards_the_longest_list() {
    let list = "a,b\n\n".repeat(MAX_ROWS);
    assert!(table(list.as_bytes()).is_ok());
}

#[test]
fn a_quote_that_nobody_closes_is_a_letter() {
    let list =
        understood("Name\tRef\tNote\nAnna\tT-1\t\"Window\nJan\tT-2\t\nEva\tT-3\t\"Vegan\"\n");
    assert_eq!(names(&list), ["Anna", "Jan", "Eva"]);
    let anna = list.lines[0].traveller.clone().unwrap();
    assert_eq!(anna.note, "\"Window");
    assert_eq!(list.lines[2].traveller.clone().unwrap().note, "Vegan");
    let commas = understood("Name,Ref,Note\nAnna,T-1,\"Window\nJan,T-2,Vegan\"\n");
    assert_eq!(names(&commas), ["Anna", "Jan"]);
}

#[test]
fn a_quoted_cell_may_have_lines_quotes_and_separators_of_its_own() {
    let list =
        understood("Name,Note,Ref\nAnna,\"Main St 1,\nBerlin, \"\"old\"\" town\",T-1\nJan,,T-2\n");
    let anna = list.lines[0].traveller.clone().unwrap();
    assert_eq!(anna.note, "Main St 1,\nBerlin, \"old\" town");
    assert_eq!(list.lines[1].line, 4, "as an editor counts");
}

#[test]
fn a_first_line_may_say_what_stands_between_cells() {
    let list = understood("sep=;\r\nName;Reference\r\nBauer, Anna;T-1\r\n");
    assert_eq!(names(&list), ["Bauer, Anna"]);
    assert_eq!(list.opened.separator, Some(';'));
    assert_eq!(list.lines[0].line, 3);
}

#[test]
fn what_stands_between_cells_is_found_below_a_title() {
    let list = understood("Bookings, December\n\nName;Reference\nAnna;T-1\nJan;T-2\n");
    assert_eq!(list.opened.separator, Some(';'));
    assert_eq!(names(&list), ["Anna", "Jan"]);
}

#[test]
fn what_stands_between_cells_can_be_said() {
    let reading = Reading {
        separator: Some('|'),
        ..Reading::default()
    };
    let list = understood_as("Name,x|Reference\nAnna,y|T-1\n", &reading);
    assert_eq!(list.lines[0].reference.as_deref(), Some("T-1"));
}

#[test]
fn lines_may_end_as_old_computers_ended_them() {
    assert_eq!(
        names(&understood("Name,Reference\rAnna,T-1\rJan,T-2")),
        ["Anna", "Jan"]
    );
}

#[test]
fn the_apostrophe_of_a_name_stays() {
    let list = understood("Name,Reference\n't Hooft,T-1\n'Abd al-Aziz,T-2\n");
    assert_eq!(names(&list), ["'t Hooft", "'Abd al-Aziz"]);
}

/// A list in an encoding of encoding_rs.
fn encoded(encoding: &'static encoding_rs::Encoding, names: &[&str]) -> (Vec<u8>, Vec<String>) {
    let lines: String = names.iter().map(|name| format!("{name};T-1\r\n")).collect();
    let (bytes, _, lost) = encoding.encode(&lines);
    assert!(!lost);
    let bytes = [b"Name;Reference\r\n".as_slice(), &bytes].concat();
    (bytes, names.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn encodings_of_older_programs_are_guessed() {
    let polish = [
        "Łukasz Świątek",
        "Wójcik Grażyna",
        "Małgorzata Żak",
        "Paweł Dąbrowski",
    ];
    let czech = [
        "Tomáš Dvořák",
        "Jiří Novák",
        "Žaneta Šťastná",
        "Růžena Křížová",
    ];
    let russian = ["Анна Иванова", "Сергей Петров"];
    let german = ["Jürgen Müller", "Zoë Groß", "Björn Öztürk", "Käthe Übel"];
    let turkish = ["Ayşe Yılmaz", "İbrahim Çağlar", "Doğan Güneş", "Işıl Şahin"];
    let icelandic = [
        "Þórður Guðmundsson",
        "Sigríður Jónsdóttir",
        "Ýmir Þórsson",
        "Guðrún Ásgeirsdóttir",
    ];
    let spanish = ["Íñigo Muñoz", "José Ángel Núñez", "María Peña"];
    for (encoding, names) in [
        (encoding_rs::WINDOWS_1250, &polish[..]),
        (encoding_rs::WINDOWS_1250, &czech[..]),
        (encoding_rs::WINDOWS_1251, &russian[..]),
        (encoding_rs::WINDOWS_1252, &german[..]),
        (encoding_rs::WINDOWS_1252, &spanish[..]),
        (encoding_rs::WINDOWS_1252, &["Müller"]),
        (encoding_rs::WINDOWS_1252, &icelandic[..]),
        (encoding_rs::WINDOWS_1254, &turkish[..]),
        (
            encoding_rs::WINDOWS_1254,
            &["Mehmet Yılmaz", "José Díaz", "Ayşe Şahin"],
        ),
        (encoding_rs::WINDOWS_1254, &["Ayşe Yıldız"]),
    ] {
        let (bytes, wanted) = encoded(encoding, names);
        assert_eq!(names_in(&bytes), wanted, "{}", encoding.name());
    }
    for bytes in [
        b"Name;Reference\nJ\x9frgen M\x9fller;T-1\n".as_slice(),
        b"Name;Reference\nJ\x81rgen M\x81ller;T-1\n",
    ] {
        assert_eq!(names_in(bytes), ["Jürgen Müller"]);
    }
    assert_eq!(
        names_in(b"Name;Reference\nJos\x8e Mu\x96oz;T-1\n"),
        ["José Muñoz"]
    );
    assert_eq!(
        names_in(b"Name;Reference\nJos\x82 Mu\xa4oz;T-1\n"),
        ["José Muñoz"]
    );
}

#[test]
fn the_code_page_of_central_europe_is_guessed() {
    let page = &oem_cp::code_table::ENCODING_TABLE_CP852;
    for names in [
        &["Jiří Dvořák", "Žaneta Šťastná", "Růžena Křížová"][..],
        &["Jiří Dvořák"],
        &["Łukasz Świątek", "Wójcik Grażyna", "Paweł Dąbrowski"],
        &["Győző Kovács", "László Szűcs", "Ágnes Tóth"],
        &["Željko Đurić", "Ana Šarić"],
        &["Jürgen Müller", "Žaneta Šťastná"],
    ] {
        let lines: String = names.iter().map(|name| format!("{name};T-1\r\n")).collect();
        let bytes = oem_cp::encode_string_checked(&lines, page).unwrap();
        let bytes = [b"Name;Reference\r\n".as_slice(), &bytes].concat();
        assert_eq!(names_in(&bytes), names);
    }
    // The letters of Western Europe are the same in both.
    let german = table(b"Name;Reference\nJ\x81rgen M\x81ller;T-1\n").unwrap();
    assert_eq!(german.opened.encoding, Some("IBM850"));
}

#[test]
fn utf_16_is_known_without_its_mark() {
    let text = "Name\tReference\nŁukasz\tT-1\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(names_in(&little), ["Łukasz"]);
    assert_eq!(names_in(&big), ["Łukasz"]);
}

#[test]
fn utf_8_that_was_cut_in_a_letter_is_utf_8() {
    let whole = "Name;Reference\nŁukasz;T-1\nZoë;T-1\nJosé".as_bytes();
    let list = read(
        &table(&whole[..whole.len() - 1]).unwrap(),
        &Reading::default(),
        TODAY,
    );
    assert_eq!(list.opened.encoding, Some("UTF-8"));
    assert_eq!(names(&list)[..2], ["Łukasz", "Zoë"]);
    assert!(list.lines[2].doubts.contains(&LineDoubt::LostLetters));
}

#[test]
fn the_encoding_can_be_said_and_is_shown() {
    let bytes = b"Name;Reference\nJ\xf8rgen;T-1\n";
    assert_eq!(table(bytes).unwrap().opened.encoding, Some("windows-1252"));
    let reading = Reading {
        encoding: Some("windows-1250".to_owned()),
        ..Reading::default()
    };
    let table = Table::read(bytes, &reading).unwrap();
    assert_eq!(names(&read(&table, &reading, TODAY)), ["Jřrgen"]);
}

#[test]
fn every_encoding_that_is_offered_is_one() {
    for name in ENCODINGS {
        let reading = Reading {
            encoding: Some((*name).to_owned()),
            ..Reading::default()
        };
        let opened = Table::read(b"Name;Reference\nAnna;T-1\n", &reading)
            .unwrap()
            .opened;
        assert_eq!(opened.encoding, Some(*name));
    }
}

proptest::proptest! {
    /// Whatever stands in a list: each line comes out, or is told.
    #[test]
    fn as_many_lines_come_out_as_go_in(notes in proptest::collection::vec("[a-z\"]{0,6}", 1..20)) {
        let lines = notes.iter().enumerate().map(|(at, note)| format!("Name{at}\tT-{at}\t{note}\n"));
        let list = understood(&format!("Name\tReference\tNote\n{}", lines.collect::<String>()));
        proptest::prop_assert_eq!(list.lines.len(), notes.len());
    }
}

#[test]
fn what_kept_parts_of_a_text_from_being_formulas_is_left_out() {
    let found = line(
        "Name\tReference\tTags\tNote",
        "Anna\tT-1\ta b, '-x, '+y, 'z\t1;'=2; 't Hooft, O'-Brien",
    );
    let anna = found.traveller.unwrap();
    assert_eq!(anna.tags, ["a b", "-x", "+y", "'z"]);
    assert_eq!(anna.note, "1;=2; 't Hooft, O'-Brien");
}
