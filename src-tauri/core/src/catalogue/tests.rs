//! Messages in words, and that every catalogue holds what the program says.

use super::texts::ON_WINDOWS;
use super::*;

fn written(pattern: &str, message: &Message, language: Language) -> String {
    let scribe = Scribe {
        catalogue: Catalogue::of(language),
        here: None,
    };
    let mut out = String::new();
    scribe.write(pattern, &message.values, None, &mut out);
    out
}

#[test]
fn places_and_plural_forms_are_written() {
    let one =
        "{count, plural, =0 {none for {who}} one {# eSIM of {who}} other {# eSIMs of {who}}}!";
    let text = |count: i64, language| {
        let message = Message::of("").with("count", count).with("who", "{x} #");
        written(one, &message, language)
    };
    assert_eq!(text(0, Language::En), "none for {x} #!");
    assert_eq!(text(1, Language::En), "1 eSIM of {x} #!");
    assert_eq!(text(2, Language::De), "2 eSIMs of {x} #!");
    let zero = "{n, plural, one {one} other {other}}";
    for (language, form) in [
        (Language::Fr, "one"),
        (Language::Pt, "one"),
        (Language::It, "other"),
    ] {
        let none = Message::of("").with("n", 0_i64);
        assert_eq!(written(zero, &none, language), form);
    }
    assert_eq!(
        written("a {broken", &Message::of(""), Language::En),
        "a {broken"
    );
}

#[test]
fn a_message_within_a_message_is_worded_too() {
    let full = Message::of("io.reason.diskFull");
    let failed = Message::of("error.export.failed").with("reason", full);
    assert_eq!(
        failed.english(),
        "The export could not be written: the disk is full."
    );
    let german = Catalogue::of(Language::De).text(&failed);
    assert_eq!(
        german,
        "Der Export konnte nicht geschrieben werden: der Datenträger ist voll."
    );
}

#[test]
fn the_program_and_the_window_write_an_amount_of_data_alike() {
    let cases = include_str!("../../../../ui/src/locales/amounts.json");
    let cases: Vec<serde_json::Value> = serde_json::from_str(cases).unwrap();
    for case in cases {
        let mb = crate::message::MessageValue::Megabytes(case["mb"].as_f64().unwrap());
        for language in [Language::En, Language::De] {
            let message = Message::of("").with("data", mb.clone());
            let words = written("{data}", &message, language);
            assert_eq!(words, case[language.code()].as_str().unwrap());
        }
    }
}

#[test]
fn a_key_that_no_catalogue_has_is_shown() {
    assert_eq!(Message::of("Something new.").english(), "Something new.");
}

#[test]
fn a_change_of_language_reaches_every_clone() {
    let shared = SharedLanguage::from(TimeZone::UTC);
    let clone = shared.clone();
    assert!(shared.set(Language::De, Clock::default()));
    assert!(!shared.set(Language::De, Clock::default()));
    assert_eq!(clone.locale().language, Language::De);
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
        let mut keys: Vec<_> = Catalogue::of(language).texts.keys().collect();
        keys.sort();
        keys
    };
    assert!(keys(Language::En).len() > 1000);
    for language in LANGUAGES {
        assert_eq!(keys(language), keys(Language::En), "{language:?}");
    }
}

/// Keys of the groups that only Rust words.
fn said_by_rust(key: &str) -> bool {
    let groups = [
        "error.",
        "api.",
        "catchUp.",
        "io.",
        "sqlite.",
        "damage.",
        "keyring.",
        "export.reason.",
        "listener.",
        "tunnel.",
        "store.",
        "testEvent.problem.",
        "refusal.",
        "json.",
        "problem.",
        "notifications.reason.",
        "place.",
        "tray.reason.",
        "reason.",
    ];
    // The window has a few of its own among them.
    let of_the_window = ["error.retry", "error.unknown"];
    groups.iter().any(|group| key.starts_with(group)) && !of_the_window.contains(&key)
}

/// The key of which this one holds the words for Windows, or itself.
fn usual(key: &str) -> &str {
    key.strip_suffix(ON_WINDOWS).unwrap_or(key)
}

/// Texts that only what Linux has brings about: a session without a keyring, a message bus, a notification server.
const ONLY_ON_LINUX: [&str; 6] = [
    "keyring.reason.none",
    "notifications.reason.noBus",
    "notifications.reason.noServer",
    "notifications.reason.notStarted",
    "notifications.reason.refused",
    "notifications.reason.unreachable",
];

#[test]
fn on_windows_nothing_is_called_as_on_linux() {
    let words_of_linux = [
        "keyring",
        "llavero",
        "trousseau",
        "Schlüsselbund",
        "portachiavi",
        "porta-chaves",
        "D-Bus",
        "message bus",
        "notification server",
        "Secret Service",
        "daemon",
        "systemd",
        "GNOME",
        "gnome-",
        "sudo",
        "/home",
    ];
    for language in LANGUAGES {
        let catalogue = Catalogue::of(language);
        for key in catalogue.texts.keys() {
            let text = catalogue.pattern_on(true, usual(key)).unwrap();
            let named = words_of_linux.iter().find(|word| text.contains(*word));
            if !ONLY_ON_LINUX.contains(&key.as_str()) {
                assert_eq!(named, None, "{language:?} {key}: {text}");
            }
        }
    }
}

#[test]
fn what_windows_calls_otherwise_has_its_words_there_alone() {
    let catalogue = Catalogue::of(Language::En);
    let key = "catching.token.keyringText";
    let on = |windows| catalogue.pattern_on(windows, key).unwrap();
    assert_eq!(on(false), "It is kept in this computer's keyring.");
    assert_eq!(on(true), "It is kept in the Credential Manager of Windows.");
    let own = catalogue
        .texts
        .keys()
        .filter(|key| key.ends_with(ON_WINDOWS));
    for key in own {
        assert!(
            catalogue.texts.contains_key(usual(key)),
            "{key} stands beside nothing"
        );
    }
}

/// Every `.rs` file of the program, one after the other.
fn sources() -> String {
    let mut all = String::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/.."
    ))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                all += &std::fs::read_to_string(&path).unwrap();
            }
        }
    }
    all
}

#[test]
fn every_text_of_the_program_is_used() {
    let sources = sources();
    let texts = &Catalogue::of(Language::En).texts;
    let unused: Vec<_> = texts
        .keys()
        .filter(|key| {
            said_by_rust(key)
                && !key.starts_with("problem.")
                && !sources.contains(&format!("\"{}\"", usual(key)))
        })
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn the_program_and_the_window_word_a_message_alike() {
    // 27 November 2025, 08:00:00 UTC.
    let now = 1_764_230_400;
    let cases = include_str!("../../../../ui/src/locales/wording.json");
    let cases: Vec<serde_json::Value> = serde_json::from_str(cases).unwrap();
    for case in cases {
        let message: Message = serde_json::from_value(case["message"].clone()).unwrap();
        for (language, customs) in [(Language::En, "en-US"), (Language::De, "de")] {
            let locale = Locale {
                zone: TimeZone::UTC,
                language,
                clock: Clock::of(customs, Hours::Usual),
            };
            let plain = |text: &str| text.replace(['\u{a0}', '\u{202f}'], " ");
            let words = case[language.code()].as_str().unwrap();
            assert_eq!(plain(&locale.text(&message, now)), plain(words));
        }
    }
}
