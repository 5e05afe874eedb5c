//! Tests: what is found by what.

mod references;
mod titles;

use super::*;

#[track_caller]
fn finds(text: &str, searches: &[&str]) {
    let searched = SearchedText::of([text]);
    for search in searches {
        let search = Search::of(search);
        assert!(search.finds(&searched), "{search:?} in {searched:?}");
    }
}

#[track_caller]
fn misses(text: &str, searches: &[&str]) {
    let searched = SearchedText::of([text]);
    for search in searches {
        let search = Search::of(search);
        assert!(!search.finds(&searched), "{search:?} in {searched:?}");
    }
}

#[test]
fn case_accents_and_line_breaks_do_not_count() {
    assert_eq!(fold("García\nMÜLLER İ"), "garcia muller i");
    assert_eq!(fold("PLAIN\ttext"), "plain text");
    assert_eq!(fold("가나"), fold("가나"));
}

#[test]
fn letters_are_found_through_accents_and_look_alikes() {
    for (one, other) in [
        ("Łukasz Żółć", "lukasz zolc"),
        ("Søren Ødegård", "SOREN ODEGARD"),
        ("Groß", "gross"),
        ("GROẞ", "groß"),
        ("Đặng Nguyễn", "dang nguyen"),
        ("O’Brien", "o'brien"),
        ("O‘Brien", "O’BRIEN"),
        ("O´Brien", "obrien"),
        ("D`Angelo", "d’angelo"),
        ("Οδυσσέας", "ΟΔΥΣΣΕΑΣ"),
        ("Οδυσσέας", "οδυσσεας"),
        ("Ｍａｒｔａ　Ｒｕｉｚ", "marta ruiz"),
        ("İbrahim Işık", "ibrahim isik"),
        ("ıŞıK", "IŞIK"),
        ("Þórður", "thordur"),
        ("Lœwe", "loewe"),
        ("Kjær", "kjaer"),
        ("Ёлкин", "елкин"),
        ("الأحمد", "الاحمد"),
        ("محمـد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("ﬁnland", "finland"),
        ("Jean‑Pierre", "jean-pierre"),
        ("Mu\u{308}ller", "müller"),
        ("Mül\u{ad}ler", "müller"),
        ("Gal·la", "gal·la"),
        ("Əliyev", "eliyev"),
        ("Ødegård", "odegaard"),
        ("Ødegård", "oedegard"),
        ("Ødegård", "oedegaard"),
        ("odegaard", "Ødegård"),
        ("LIS-АВ12", "lis-ab12"),
        ("MAPK-77", "МАРК-77"),
        ("Schröder Uli", "SCHROEDER/ULI MR"),
        ("Uli Schröder", "SCHROEDER/ULIMR"),
        ("Ana Souza", "SOUZA/ANAMRS"),
        ("SCHROEDER/ULI MR", "schroeder/uli mr"),
    ] {
        finds(one, &[other, &other.to_uppercase()]);
        finds(other, &[one]);
    }
    misses("राम", &["रम"]);
    misses("Nguyen", &["nguyem"]);
}

#[test]
fn both_spellings_of_a_letter_find_each_other() {
    finds(
        "Müller",
        &["mueller", "Müller", "muller", "MUELLER", "müll"],
    );
    finds("Mueller", &["mueller", "müller", "muller"]);
    finds("Größl", &["groessl", "grossl", "größl", "GRÖSSL", "grössl"]);
    finds("Groessl", &["größl", "grossl"]);
    finds("Sørensen", &["soerensen", "sorensen", "sörensen"]);
    finds("Soerensen", &["sørensen", "sörensen"]);
    finds("Åse Bjørnstad", &["aase", "ase", "bjoernstad"]);
    finds("Außendienst", &["aussendienst"]);
    finds("Jürgen Müller-Lüdenscheidt", &["juergen luedenscheidt"]);
    finds("Mu\u{308}ller", &["mueller"]);
    // Nothing that nobody wrote.
    misses("José", &["joe"]);
    misses("Jorge", &["joe"]);
    finds("Joel Manuel", &["joe", "manue"]);
}

#[test]
fn digits_are_found_whatever_stands_between_them() {
    let searches = [
        "600100200",
        "600 100",
        "600 100 200",
        "+48600100200",
        "+48 600 100 200",
        "0048 600 100 200",
        "600-100-200",
        "(600) 100/200",
        "48 600",
        "00200",
        "٦٠٠ ١٠٠",
    ];
    for text in [
        "+48 600 100 200",
        "+48 600-100-200",
        "tel. +48 (600) 100.200, evenings",
        "0048600100200",
        "+48 ６００ １００ ２００",
        "+48\u{a0}600\u{202f}100\u{2011}200",
    ] {
        if text.starts_with("tel") {
            finds(text, &searches[..8]);
        } else {
            finds(text, &searches);
        }
    }
    finds("600 100 200", &["+48600100200", "+48 600 100 200"]);
    misses("600 100 200", &["+49 600 100 201", "600 100 300"]);
    finds(
        "TRIP-2026-118",
        &["2026118", "2026 118", "2026-118", "trip-2026-118"],
    );
    finds(
        "Müller 600 100",
        &["müller 600100", "müller 600-100", "600 100 mueller"],
    );
    misses("rooms 12, ... and 14", &["1214"]);
}

#[test]
fn names_are_found_where_somebody_puts_no_blank() {
    finds("佐藤 太郎", &["佐藤太郎", "太郎", "佐藤 太郎"]);
    finds("佐藤太郎", &["佐藤 太郎"]);
    finds("김 철수", &["김철수"]);
    misses("Anna Berg", &["annaberg"]);
}

#[test]
fn a_telephone_number_is_found_with_and_without_its_country() {
    for stored in [
        "+49 171 5557176",
        "0171 5557176",
        "+49 (0)171/5557176",
        "00491715557176",
        "0171/555 71 76",
    ] {
        let searches = [
            "01715557176",
            "0171 5557176",
            "+491715557176",
            "+49 171 555-7176",
            "0049 171 5557176",
            "1715557176",
            "5557176",
        ];
        finds(stored, &searches);
        finds(&format!("mobile {stored}"), &searches);
    }
    misses("0171 5557176", &["+49 172 5557176"]);
}

#[test]
fn a_telephone_number_is_found_however_it_is_pasted() {
    for stored in [
        "+49 (0)171 1234567",
        "+49(0)171/1234567",
        "0049 (0)171 1234567",
        "Tel.: +49 (0) 171 1234567",
        "tel:+491711234567",
        "Tel. 0171 1234567",
        "Handy: 0171-1234567 / Mobile: 0172 7654321",
        "0171 1234567 / 0172 7654321",
        "0171 1234567, 0172 7654321",
    ] {
        let searches = [
            "01711234567",
            "0171 1234567",
            "+491711234567",
            "+49 171 1234567",
            "+49 (0)171 1234567",
            "+49 (0) 171 1234567",
            "+4901711234567",
            "tel:+491711234567",
            "tel: +49 171 1234567",
            "Tel. 0171 1234567",
            "Tel.: 0171/1234567",
            "Tel.0171 1234567",
            "Mobile: 0171 1234567",
            "Handy 01711234567",
            "Móvil: +49 171 1234567",
            "1234567",
        ];
        finds(stored, &searches);
    }
    for stored in ["+49 (0)171 1234567", "Tel.: +49 (0) 171 1234567"] {
        finds(stored, &["4901711234567", "491711234567"]);
    }
    finds(
        "+39 06 1234567",
        &["06 1234567", "+39 06 1234567", "+39061234567"],
    );
    finds(
        "anna@example.org",
        &["mailto:anna@example.org", "<mailto:Anna@example.org>"],
    );
    misses(
        "+49 (0)171 1234567",
        &["+49 172 1234567", "Tel. 0172 1234567"],
    );
    // A word that only looks like a label stays one.
    misses("Marta", &["handy marta"]);
    misses("room 12", &["mobile 12"]);
}

#[test]
fn what_was_pasted_around_a_number_is_taken_off() {
    let pasted = [
        "8944-5001-0219-8304-826",
        "8944 5001 0219 8304 826",
        "\u{202a}8944500102198304826\u{202c}",
        "\u{200e}8944500102198304826",
        "ICCID 8944500102198304826",
        "ICCID: 8944500102198304826",
        "iccid:8944500102198304826",
        "ICCID8944500102198304826",
        "ICCID #8944-5001-0219-8304-826",
        "8944500102198304826,",
        "\"8944500102198304826\";",
        "8944500102198304826F",
        "8944500102198304826FF",
        "8944 5001 0219 8304 826F.",
        "Marta Ruiz, ICCID 8944500102198304826 (eSIM)",
        "89445–0010–2198–3048–26",
        "'8944500102198304826",
        "８９４４５００１０２１９８３０４８２６",
        "8944500102198304826 +48 600 100 200",
    ];
    for stored in [
        "8944500102198304826",
        "8944500102198304826F",
        "8944-5001-0219-8304-826",
    ] {
        finds(stored, &pasted);
    }
    for search in pasted {
        let words: Vec<_> = Search::of(search).words().map(<[String]>::to_vec).collect();
        assert_eq!(words, [["8944500102198304826"]], "{search:?}");
        assert_eq!(Search::of(search), Search::phrase(search));
    }
    // A part of one, and one with a letter.
    finds(
        "8944500102198304826",
        &[
            "ICCID 304826",
            "iccid:304826",
            "ICCID 98304 826,",
            "#304826",
        ],
    );
    finds("898601A0219830482601", &["ICCID: 898601a0219830482601,"]);
    // A word that only looks like a label stays one.
    misses("8944500102198304826", &["iccid", "icc"]);
    finds(
        "Marta Ruiz",
        &["(Ruiz)", "Ruiz,", "„Marta“", "<ruiz>", "marta – ruiz"],
    );
}

#[test]
fn a_search_of_signs_alone_is_one_of_these_signs() {
    misses("Marta", &["_", "%", "?"]);
    finds("100%", &["%", "100%"]);
    assert!(Search::of("  \u{200b} ").is_empty() && Search::phrase(" \n").is_empty());
}

#[test]
fn a_phrase_is_found_in_one_piece() {
    let body = SearchedText::of([
        r#"{"Status": "NEW", "who": "Jürgen Groß", "iccid":"8944-5001-0219-8304-826"}"#,
    ]);
    for phrase in [
        r#" "status": "new" "#,
        "jürgen gross",
        "juergen gross",
        "8944500102198304826",
        "iccid 8944500102198304826",
    ] {
        assert!(Search::phrase(phrase).finds(&body), "{phrase}");
    }
    assert!(!Search::phrase("new status").finds(&body));
}

#[test]
fn who_types_on_narrows() {
    let narrows = |typed: &str, before: &str| Search::of(typed).narrows(&Search::of(before));
    assert!(narrows("marta ru", "mar"));
    assert!(narrows("müll", "mü"));
    assert!(narrows("600 1", "600"));
    assert!(narrows("mar", ""));
    assert!(!narrows("mar", "marta"));
    // The shorter one finds only what is written in full.
    assert!(
        !narrows("+48600100200", "+4860"),
        "its last digits alone find more"
    );
}

#[test]
fn what_an_iccid_is_is_the_same_as_everywhere() {
    // As the store writes one with letters, and as it is typed.
    finds(
        "898600A1B2C3D4E5F607",
        &["898600a1-b2c3-d4e5-f607", "ICCID 898600a1b2c3d4e5f607"],
    );
    // A number of another kind is no ICCID: every word counts.
    misses("1234567890123456785", &["Marta 1234567890123456785"]);
}

#[test]
fn an_identifier_is_found_by_its_parts_without_its_dashes_and_with_what_was_pasted_around_it() {
    for id in [
        "00000012-0000-4000-8000-000000000012",
        "0000000f-0000-4000-8000-00000000000f",
        "DEADBEEF-1234-4ABC-9DEF-0123456789AB",
    ] {
        let mut searched = SearchedText::default();
        searched.add_id(id);
        let plain = id.replace('-', "");
        for typed in [
            id.to_owned(),
            id[..8].to_owned(),
            id[..13].to_owned(),
            id[..14].to_owned(),
            id[9..].to_owned(),
            plain.clone(),
            plain.to_uppercase(),
            format!("eSIM id: {id}"),
            format!("eSIM id:{id}."),
            format!("https://portal.example/esims/{id}?tab=usage"),
            format!("{{\"esim_id\":\"{id}\"}}"),
        ] {
            assert!(Search::of(&typed).finds(&searched), "{typed}");
        }
        assert!(Search::phrase(&id[..13]).finds(&searched), "{id}");
        let other = id.replace("4", "5");
        assert!(!Search::of(&format!("eSIM id: {other}")).finds(&searched));
    }
}
