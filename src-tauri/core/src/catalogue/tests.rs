//! Messages, forwards and backwards, and that every catalogue holds what the program says.

use super::*;

#[test]
fn places_and_plural_forms_are_written() {
    let one =
        "{count, plural, =0 {none for {who}} one {# eSIM of {who}} other {# eSIMs of {who}}}!";
    let say = |count, language| {
        let places = [
            ("count", Value::Count(count)),
            ("who", Value::Text("{x} #")),
        ];
        format(one, &places, language)
    };
    assert_eq!(say(0, Language::En), "none for {x} #!");
    assert_eq!(say(1, Language::En), "1 eSIM of {x} #!");
    assert_eq!(say(2, Language::De), "2 eSIMs of {x} #!");
    let zero = "{n, plural, one {one} other {other}}";
    for (language, form) in [
        (Language::Fr, "one"),
        (Language::Pt, "one"),
        (Language::It, "other"),
    ] {
        assert_eq!(format(zero, &[("n", Value::Count(0))], language), form);
    }
    assert_eq!(format("a {broken", &[], Language::En), "a {broken");
}

#[test]
fn a_sentence_is_found_with_what_stands_in_it() {
    let pattern = Pattern::of("Port {port} can't be opened: {reason}. Choose another port.");
    let found = pattern.places("Port 80 can't be opened: no. Really. Choose another port.");
    assert_eq!(
        found.unwrap(),
        [
            ("port", "80".to_owned()),
            ("reason", "no. Really".to_owned())
        ]
    );
    assert_eq!(pattern.places("Port 80 can't be opened: no."), None);
}

#[test]
fn tags_of_systems_name_a_language_or_none() {
    assert_eq!(Language::of("de-AT"), Some(Language::De));
    assert_eq!(Language::of("pt_BR.UTF-8"), Some(Language::Pt));
    assert_eq!(Language::of("C.UTF-8"), None);
    assert_eq!(Language::of("nl"), None);
}

#[test]
fn every_catalogue_has_the_same_keys() {
    let keys = |language| {
        let mut keys: Vec<_> = Words::of(language).texts.keys().collect();
        keys.sort();
        keys
    };
    assert!(keys(Language::En).len() > 1000);
    for language in LANGUAGES {
        assert_eq!(keys(language), keys(Language::En), "{language:?}");
    }
}

/// Every sentence of an error, out of the sources.
fn sentences() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![
        std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
        std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../src")),
    ];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for part in source.split(concat!("#[", "error(")).skip(1) {
                let Some(text) = part.trim_start().strip_prefix('"') else {
                    continue;
                };
                let mut sentence = String::new();
                let mut escaped = false;
                for c in text.chars() {
                    match (escaped, c) {
                        (true, c) => {
                            sentence.push(c);
                            escaped = false;
                        }
                        (false, '\\') => escaped = true,
                        (false, '"') => break,
                        (false, c) => sentence.push(c),
                    }
                }
                found.push((path.display().to_string(), sentence));
            }
        }
    }
    assert!(found.len() > 40);
    found
}

/// A sentence with the same text in each place.
fn filled(sentence: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in sentence.chars() {
        match c {
            '{' => {
                inside = true;
                out.push('7');
            }
            '}' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

#[test]
fn every_error_has_its_words_in_the_catalogue() {
    let missing: Vec<_> = sentences()
        .into_iter()
        // One that only hands another on, and one for whoever writes SQL.
        .filter(|(_, sentence)| sentence != "{0}" && sentence.contains(' '))
        .filter(|(_, sentence)| {
            let text = filled(sentence);
            !TOLD
                .iter()
                .any(|(pattern, _)| pattern.places(&text).is_some())
        })
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn an_error_is_told_in_the_language_of_the_desk() {
    let error = crate::listener::ListenError::PortTaken(8080);
    let german = Words::of(Language::De).told(&error.to_string());
    assert!(
        german.contains("8080") && german != error.to_string(),
        "{german}"
    );
    assert_eq!(Words::of(Language::En).told("Anything."), "Anything.");
    assert_eq!(Words::of(Language::De).told("Anything."), "Anything.");
}
