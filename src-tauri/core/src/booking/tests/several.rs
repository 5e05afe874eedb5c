//! Names in one cell: of several travellers, or of one.

use super::*;

/// The travellers in a cell below `Name`, and whether they can't be one.
fn several(cell: &str) -> Option<(Vec<String>, bool)> {
    let cell = cell.replace('"', "\"\"");
    let several = line("Name;Ref", &format!("\"{cell}\";T-1")).several?;
    let names = several.travellers.into_iter().map(|one| one.name);
    Some((names.collect(), several.sure))
}

#[test]
fn several_names_in_a_cell_are_told_apart() {
    for (cell, names) in [
        ("Anna Muster, Bernd Muster", "Anna Muster|Bernd Muster"),
        ("Anna & Bernd Muster", "Anna Muster|Bernd Muster"),
        ("Anna Muster\nBernd Vogel", "Anna Muster|Bernd Vogel"),
        (
            "Anna Muster\r\n\r\nBernd Vogel\r\n",
            "Anna Muster|Bernd Vogel",
        ),
        ("Anna Muster; Bernd Vogel", "Anna Muster|Bernd Vogel"),
        ("Anna Muster / Bernd Vogel", "Anna Muster|Bernd Vogel"),
        ("Anna Muster/Bernd Vogel", "Anna Muster|Bernd Vogel"),
        ("Anna Muster and Bernd Vogel", "Anna Muster|Bernd Vogel"),
        (
            "Anna und Bernd von der Heide",
            "Anna von der Heide|Bernd von der Heide",
        ),
        (
            "Ana y José García López",
            "Ana García López|José García López",
        ),
        ("Marie et Luc Durand", "Marie Durand|Luc Durand"),
        ("Anna e Marco Rossi", "Anna Rossi|Marco Rossi"),
        ("Maria e João da Silva", "Maria da Silva|João da Silva"),
        ("Mr & Mrs Smith", "Mr Smith|Mrs Smith"),
        ("Herr Muster und Frau Vogel", "Herr Muster|Frau Vogel"),
        (
            "Anna Muster, Bernd Vogel, Carla Huber",
            "Anna Muster|Bernd Vogel|Carla Huber",
        ),
        (
            "Anna Muster, Bernd Vogel and Carla Huber",
            "Anna Muster|Bernd Vogel|Carla Huber",
        ),
        ("Muster, Anna; Vogel, Bernd", "Muster, Anna|Vogel, Bernd"),
        ("Muster, Anna\nMuster, Bernd", "Muster, Anna|Muster, Bernd"),
        ("Muster, Anna & Muster, Bernd", "Muster, Anna|Muster, Bernd"),
        ("Muster Anna, Muster Bernd", "Muster Anna|Muster Bernd"),
        (
            "MUSTER/ANNA MRS, VOGEL/BERND MR",
            "MUSTER/ANNA MRS|VOGEL/BERND MR",
        ),
        ("1. Anna Muster 2. Bernd Vogel", "Anna Muster|Bernd Vogel"),
        ("1) Anna Muster\n2) Bernd Vogel", "Anna Muster|Bernd Vogel"),
        ("- Anna Muster\n- Bernd Vogel", "Anna Muster|Bernd Vogel"),
        ("Anna Muster - Bernd Muster", "Anna Muster|Bernd Muster"),
        ("Muster, Anna – Vogel, Bernd", "Muster, Anna|Vogel, Bernd"),
        (
            "Anna Muster - Bernd Vogel - Carla Huber",
            "Anna Muster|Bernd Vogel|Carla Huber",
        ),
        (
            "MUSTER/ANNA MRS — VOGEL/BERND MR",
            "MUSTER/ANNA MRS|VOGEL/BERND MR",
        ),
    ] {
        let names = names.split('|').map(str::to_owned).collect();
        assert_eq!(several(cell), Some((names, true)), "{cell}");
    }
}

#[test]
fn nobody_is_made_up_of_one_name() {
    for cell in [
        "Muster, Anna",
        "Muster, Anna Maria",
        "García López, María",
        "Muster, Dr. Anna",
        "Anna Muster, PhD",
        "Anna Muster, Dr. med.",
        "von der Heide, Anna",
        "MUSTER/ANNA MRS",
        "José Ortega y Gasset",
        "Ortega y Gasset, José",
        "Anna\nMuster",
        "Anna Muster\nBerlin",
        "Muster & Vogel",
        "Muster & Co. KG",
        "Anna Muster & Partner",
        "Familie Muster, Anna Muster",
        "Anna Muster + 1",
        "Anna Muster (2 pax)",
        "Anna Muster c/o Bernd Vogel",
        "Jean-Pierre Dupont",
        "Anna Muster, room 12",
        "Muster, Anna & Bernd",
        "Anna Muster - Vogel",
        "Leutheusser - Schnarrenberger",
        "Anna Muster - Berlin",
        "Anna Muster (12)",
        "Anna Muster geb. 12.03.1980",
        "Anna Muster geb. Vogel",
        "Muster (4)",
    ] {
        assert_eq!(several(cell), None, "{cell}");
    }
    for cell in [
        "García López, María José",
        "Anna Muster, New York",
        "Anna, Bernd, Carla Muster",
        "Anna Muster - Bernd Vogel",
        "Anna Muster - New York",
    ] {
        assert!(several(cell).is_some_and(|(_, sure)| !sure), "{cell}");
    }
}

/// What is said to be left out of a cell below `Name`.
fn left_out(cell: &str) -> Option<String> {
    let cell = cell.replace('"', "\"\"");
    let booking = line("Name;Ref", &format!("\"{cell}\";T-1"));
    booking.doubts.into_iter().find_map(|doubt| match doubt {
        LineDoubt::Unused { text } => Some(text),
        _ => None,
    })
}

#[test]
fn ages_and_days_of_birth_are_no_part_of_names_and_are_told() {
    for (cell, names, said) in [
        ("Uwe (Erw.), Ida (12)", "Uwe|Ida", "Erw., 12"),
        (
            "Uwe Berg (45), Ida Kurz (12)",
            "Uwe Berg|Ida Kurz",
            "45, 12",
        ),
        ("Uwe (45) und Ida (12) Berg", "Uwe Berg|Ida Berg", "45, 12"),
        ("Uwe (45) und Ida (12)", "Uwe|Ida", "45, 12"),
        (
            "Uwe Berg [45 J.]\nIda Berg [Kind, 7]",
            "Uwe Berg|Ida Berg",
            "45 J., Kind, 7",
        ),
        ("Uwe (Adult); Ida (Child 7)", "Uwe|Ida", "Adult, Child 7"),
        (
            "Anna geb. 12.03.1980, Ida geb. 1.4.2012",
            "Anna|Ida",
            "geb. 12.03.1980, geb. 1.4.2012",
        ),
        (
            "Anna Berg, geb. am 12. März 1980; Ida Berg, geb. 2012",
            "Anna Berg|Ida Berg",
            "geb. am 12. März 1980, geb. 2012",
        ),
        (
            "Anna Berg *12.03.1980, Ida Berg * 2012",
            "Anna Berg|Ida Berg",
            "*12.03.1980, * 2012",
        ),
        (
            "Anna Berg 12.03.1980 / Ida Berg 2012-04-01",
            "Anna Berg|Ida Berg",
            "12.03.1980, 2012-04-01",
        ),
        (
            "Anna Berg (12/03/1980) & Ida Berg (1/4/2012)",
            "Anna Berg|Ida Berg",
            "12/03/1980, 1/4/2012",
        ),
        (
            "Anna Berg, 45 J., Ida Berg, 12 J.",
            "Anna Berg|Ida Berg",
            "45 J., 12 J.",
        ),
        (
            "Luc Durand (40 ans), Zoé Durand (7 ans)",
            "Luc Durand|Zoé Durand",
            "40 ans, 7 ans",
        ),
        (
            "Luc Durand né le 12/03/1980, Zoé Durand née le 1/4/2012",
            "Luc Durand|Zoé Durand",
            "né le 12/03/1980, née le 1/4/2012",
        ),
        (
            "Ana Gil (adulto), Luz Gil (niña)",
            "Ana Gil|Luz Gil",
            "adulto, niña",
        ),
        (
            "Ana Rossi nata il 12/03/1980 e Leo Rossi (7 anni)",
            "Ana Rossi|Leo Rossi",
            "7 anni, nata il 12/03/1980",
        ),
        (
            "Ana Silva (8 anos) e Rui Costa (criança)",
            "Ana Silva|Rui Costa",
            "8 anos, criança",
        ),
        (
            "BERG/UWE MR (ADT), BERG/IDA CHD (CHD)",
            "BERG/UWE MR|BERG/IDA CHD",
            "ADT, CHD",
        ),
    ] {
        let names = names.split('|').map(str::to_owned).collect();
        assert_eq!(several(cell), Some((names, true)), "{cell}");
        assert_eq!(left_out(cell).as_deref(), Some(said), "{cell}");
        assert_eq!(party(cell), None, "{cell}");
    }
    let name = |cell: &str| {
        traveller("Name;Ref", &format!("\"{cell}\";T-1"))
            .unwrap()
            .name
    };
    for (cell, one, said) in [
        ("Anna geb. 12.03.1980", "Anna", "geb. 12.03.1980"),
        (
            "Berg, Anna (geb. 12.03.1980)",
            "Berg, Anna",
            "geb. 12.03.1980",
        ),
        ("Anna Berg (Erw.)", "Anna Berg", "Erw."),
        ("Anna Berg, 12 Jahre", "Anna Berg", "12 Jahre"),
    ] {
        assert_eq!(name(cell), one);
        assert_eq!(left_out(cell).as_deref(), Some(said));
    }
    for kept in [
        "Anna Berg (12)",
        "Anna Berg geb. Vogel",
        "Huber 2 Erw. 1 Kind",
        "Huber (2 Erw.)",
        "Huber (4)",
        "Anna Berg (VIP)",
    ] {
        assert_eq!(name(kept), kept);
        assert_eq!(left_out(kept), None);
    }
}

/// What is told of a cell below `Name` that is taken for one traveller.
fn party(cell: &str) -> Option<String> {
    let cell = cell.replace('"', "\"\"");
    let booking = line("Name;Ref", &format!("\"{cell}\";T-1"));
    booking.doubts.into_iter().find_map(|doubt| match doubt {
        LineDoubt::Party { text } => Some(text),
        _ => None,
    })
}

#[test]
fn a_name_of_more_travellers_than_it_names_is_told() {
    for cell in [
        "Huber, Max u. Rosi",
        "Huber Max & Rosi",
        "Huber, Max und Rosi",
        "Müller Anna, Tom, Zoe",
        "Müller Anna; Tom",
        "Huber Max +1",
        "Huber Max + 2 Kinder",
        "Huber x2",
        "Huber 2x",
        "Huber ×3",
        "Huber, 4 Pers.",
        "Huber (4)",
        "Huber (2 pax)",
        "Huber Pax: 3",
        "Huber 2 Erw. 1 Kind",
        "Familie Huber (4)",
        "Familie Huber",
        "Fam. Huber",
        "Ehepaar Huber",
        "Max Huber mit Frau",
        "Max Huber und Begleitung",
        "Max Huber und seine Frau",
        "John Smith & his wife",
        "Ana García y su marido",
        "Max Huber & Partner",
        "Smith family",
        "Smith party of 4",
        "John Smith plus one",
        "John Smith and guest",
        "John Smith w/ wife",
        "John Smith & kids",
        "Smith, John & Mary",
        "Famille Dupont",
        "Luc Dupont + 1 enfant",
        "Luc Dupont et son épouse",
        "Dupont, Luc et Marie",
        "Dupont 3 personnes",
        "Familia García",
        "García, Ana y Luis",
        "Ana García más 2",
        "Ana García y acompañante",
        "García (3 personas)",
        "Famiglia Rossi",
        "Rossi, Anna e Marco",
        "Anna Rossi con bambini",
        "Rossi 2 adulti",
        "Família Silva",
        "Ana Silva e marido",
        "Maria e João",
        "Ana y Luis",
        "Ana Silva + 2 crianças",
        "Silva 4 pessoas",
    ] {
        assert_eq!(party(cell).as_deref(), Some(cell));
    }
}

#[test]
fn of_one_travellers_name_no_more_is_told() {
    for cell in [
        "Muster, Anna",
        "Muster, Anna Maria",
        "García López, María José",
        "Muster, Dr. Anna",
        "Muster, Anna, Dr.",
        "Anna Muster, Dr. med.",
        "MUSTER/ANNA MRS",
        "José Ortega y Gasset",
        "Ortega y Gasset, José",
        "Costa e Silva, João",
        "João Costa e Silva",
        "Maria E. Silva",
        "Anna Kind",
        "Frau Anna Mann",
        "Anna Muster (1 pax)",
        "Anna Muster, room 12",
        "Muster & Co. KG",
        "Muster & Söhne",
        "Muster & Partner",
        "Anna Muster c/o Bernd Vogel",
        "Anna Muster 3",
        "Charles Xavier X",
        "Anna Muster (12)",
        "Eva u",
        // Who are told in another way.
        "Mr & Mrs Smith",
        "Herr und Frau Huber",
        "M. et Mme Dupont",
        "Sr. y Sra. García",
        "Sig. e Sig.ra Rossi",
        "Sr. e Sra. Silva",
        "Anna & Bernd Muster",
    ] {
        assert_eq!(party(cell), None, "{cell}");
    }
}

#[test]
fn a_couple_is_two_travellers_however_they_are_addressed() {
    for cell in [
        "Mr & Mrs Smith",
        "Mr. and Mrs. Smith",
        "Herr und Frau Huber",
        "Hr. u. Fr. Huber",
        "M. et Mme Dupont",
        "Sr. y Sra. García",
        "Sig. e Sig.ra Rossi",
        "Sr. e Sra. Silva",
    ] {
        let names = several(cell).map(|(names, sure)| (names.len(), sure));
        assert_eq!(names, Some((2, true)), "{cell}");
    }
}

#[test]
fn several_lines_are_a_traveller_each_whatever_stands_beside_their_names() {
    for (cell, names) in [
        ("Ana \"Nina\" Sá\nRui Sá", "Ana \"Nina\" Sá|Rui Sá"),
        ("Ana Sá (lead)\nRui Sá", "Ana Sá (lead)|Rui Sá"),
        ("Ana Sá [veg]; Rui da Sá", "Ana Sá [veg]|Rui da Sá"),
        ("Ana Sá 12.03.1980\nRui Sá 1.4.2012", "Ana Sá|Rui Sá"),
        ("Ana Sá\n12/03/1980\nRui Sá\n01/04/2012", "Ana Sá|Rui Sá"),
        (
            "Ana Sá geb. 12.03.1980\r\nRui Sá geb. 1980",
            "Ana Sá|Rui Sá",
        ),
        (
            "1.SMITH/JANE MRS 2.SMITH/TIM MSTR",
            "SMITH/JANE MRS|SMITH/TIM MSTR",
        ),
        (
            "SMITH/JANE MRS SMITH/TIM MSTR",
            "SMITH/JANE MRS|SMITH/TIM MSTR",
        ),
    ] {
        let names = names.split('|').map(str::to_owned).collect();
        assert_eq!(several(cell), Some((names, true)), "{cell}");
    }
    // What a number stands beside may be a street as well.
    for (cell, names) in [
        ("Ana Sá / PT1\nRui Sá / PT2", "Ana Sá / PT1|Rui Sá / PT2"),
        (
            "Ana Sá\n+351 912 345 678\nRui Sá\n913",
            "Ana Sá +351 912 345 678|Rui Sá 913",
        ),
        ("Ann Lee 0770, Bob Ray 0771", "Ann Lee 0770|Bob Ray 0771"),
    ] {
        let names = names.split('|').map(str::to_owned).collect();
        assert_eq!(several(cell), Some((names, false)), "{cell}");
    }
    for cell in [
        "Ana Sá (lead)\nRoom 12",
        "Ana \"Nina\" Sá",
        "Ana Sá\n+351 912 345 678",
        "MUSTER/ANNA MRS",
        "DE LA CRUZ/JUAN MR",
    ] {
        assert_eq!(several(cell), None, "{cell}");
    }
}

#[test]
fn both_of_a_couple_have_all_of_the_name_that_follows_their_titles() {
    for (cell, names) in [
        ("M. et Mme DUPONT Jean", "M. DUPONT Jean|Mme DUPONT Jean"),
        ("Mr & Mrs SMITH John", "Mr SMITH John|Mrs SMITH John"),
        ("Mr and Mrs John Smith", "Mr John Smith|Mrs John Smith"),
        (
            "Sig. e Sig.ra ROSSI Mario",
            "Sig. ROSSI Mario|Sig.ra ROSSI Mario",
        ),
        (
            "Sr. y Sra. García López",
            "Sr. García López|Sra. García López",
        ),
        ("Herr u. Frau Dr. Müller", "Herr Dr. Müller|Frau Dr. Müller"),
        ("Dr. und Frau Müller", "Dr. Müller|Frau Müller"),
        ("M./Mme Dupont", "M. Dupont|Mme Dupont"),
        ("Mr&Mrs Smith", "Mr Smith|Mrs Smith"),
        ("SMITH JOHN MR & MRS", "MR SMITH JOHN|MRS SMITH JOHN"),
    ] {
        let names = names.split('|').map(str::to_owned).collect();
        assert_eq!(several(cell), Some((names, true)), "{cell}");
    }
    assert_eq!(several("Mr & Mrs"), None);
    assert_eq!(several("M. et Mme DUPONT Jean et Anne"), None);
}

#[test]
fn the_whole_name_is_written_in_one_line() {
    let name = |cell: &str| {
        traveller("Name;Ref", &format!("\"{cell}\";T-1"))
            .unwrap()
            .name
    };
    assert_eq!(name("Anna Muster\nBernd Vogel"), "Anna Muster, Bernd Vogel");
    assert_eq!(name("Anna\nMuster"), "Anna Muster");
}

#[test]
fn first_names_share_a_last_name_or_have_one_each() {
    let several = |text: &str| {
        let several = line("First name;Last name;Ref", &format!("{text};T-1")).several?;
        let names = several.travellers.into_iter().map(|one| one.name);
        Some((names.collect::<Vec<_>>().join("|"), several.sure))
    };
    let some = |names: &str, sure| Some((names.to_owned(), sure));
    assert_eq!(
        several("Anna & Bernd;Muster"),
        some("Anna Muster|Bernd Muster", true)
    );
    assert_eq!(
        several("Anna / Bernd;Muster / Vogel"),
        some("Anna Muster|Bernd Vogel", true)
    );
    assert_eq!(
        several("Anna, Bernd;Muster"),
        some("Anna Muster|Bernd Muster", false)
    );
    assert_eq!(several("José;Ortega y Gasset"), None);
    assert_eq!(several("Anna Maria;Muster"), None);
    assert_eq!(several("Anna;Muster / Vogel"), None);
}
