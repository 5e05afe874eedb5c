//! Tests of the registry and of what is believed.

use super::pigeon::{PIGEON, Pigeon};
use super::*;
use crate::event::Status;

const WORD: &[u8] = br#"{"sim":"a","state":"ACTIVATED","at":10}"#;

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

#[test]
fn no_two_providers_share_a_name_or_a_number() {
    for (place, one) in ALL.iter().enumerate() {
        for other in &ALL[place + 1..] {
            assert_ne!(one.name(), other.name());
            assert_ne!(one.id(), other.id());
        }
        assert_eq!(by_name(one.name()).unwrap().id(), one.id());
        assert_eq!(by_id(one.id()).name(), one.name());
    }
    assert!(by_name("nobody").is_none());
    assert_eq!(by_id(ProviderId::new(77)).id(), DEFAULT.id());
}

#[test]
fn every_providers_own_test_event_is_understood() {
    for provider in ALL {
        let event = provider.read(&provider.test_event("test_1", 17)).unwrap();
        assert!(event.recognized(), "{:?}", event.problem);
        assert_eq!(event.provider, provider.id());
        let again = provider.read(&provider.test_event("test_2", 17)).unwrap();
        assert_ne!(event.key, again.key);
    }
}

#[test]
fn every_provider_believes_what_it_signs_and_nothing_else() {
    for provider in ALL {
        let body = provider.test_event("test_1", 17);
        let seal = provider.sign(&body, "one");
        let sent = |name: &str| match name {
            name if name == seal.header => Some(seal.value.as_bytes()),
            "pigeon-time" => Some(&b"17"[..]),
            _ => None,
        };
        let fits = |body: &[u8], text: &str| provider.signature_fits(&sent, body, &secret(text));
        let name = provider.name();
        assert!(
            provider.brings_signature(&sent) && fits(&body, "one"),
            "{name}"
        );
        assert!(!fits(&body, "other") && !fits(b"{}", "one"), "{name}");
        assert!(!provider.brings_signature(&|_| None), "{name}");
        assert!(
            !provider.signature_fits(&|_| None, &body, &secret("one")),
            "{name}"
        );
        for wrong in [&b""[..], b"t=1,v1=", b"\xff", &seal.value.as_bytes()[1..]] {
            let wrong = |name: &str| {
                if name == seal.header {
                    Some(wrong)
                } else {
                    sent(name)
                }
            };
            assert!(
                !provider.signature_fits(&wrong, &body, &secret("one")),
                "{name}"
            );
        }
    }
}

#[test]
fn every_provider_keeps_to_what_paths_headers_and_answers_ask_of_it() {
    for provider in ALL {
        let name = provider.name();
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(!name.is_empty() && is_plain(name), "{name}");
        let header = provider.sign(b"{}", "one").header;
        assert_eq!(header, provider.signature_header().to_ascii_lowercase());
        for credential in [header, "authorization", "cookie"] {
            assert!(!provider.keeps_header(credential), "{name}: {credential}");
        }
        let answer = serde_json::from_str::<serde_json::Value>(provider.acknowledgement());
        assert!(answer.is_ok(), "{name}");
        assert!(
            provider.read(b"").is_err() && provider.read(b"\xff").is_err(),
            "{name}"
        );
    }
}

#[test]
fn a_body_is_believed_under_any_secret_that_counts_and_under_no_other() {
    let seal = Pigeon.sign(WORD, "old").value;
    let sealed = |name: &str| match name {
        "pigeon-seal" => Some(seal.as_bytes()),
        "pigeon-time" => Some(&b"17"[..]),
        _ => None,
    };
    let check = |header: &Header<'_>, secrets: &[&str]| {
        let secrets: Vec<Secret> = secrets.iter().map(|text| secret(text)).collect();
        Authentic::check(&Pigeon, header, WORD.to_vec(), &secrets)
            .map(|body| body.read().unwrap().status)
    };
    let told = Ok(Some(Status::Activated));
    assert_eq!(check(&sealed, &["new", "old"]), told);
    assert_eq!(check(&sealed, &["new"]), Err(NotAuthentic::WrongSignature));
    assert_eq!(check(&|_| None, &["old"]), Err(NotAuthentic::NoSignature));
    assert_eq!(check(&|_| None, &[]), told, "nobody set a secret");
}

#[test]
fn the_same_words_of_two_providers_are_two_events() {
    let status = r#"{"event_category":"esim","event_type":"status","esim_id":"a","status":"ACTIVATED","timestamp":10}"#;
    let (one, other) = (
        parse(status.as_bytes()).unwrap(),
        Pigeon.read(WORD).unwrap(),
    );
    assert_eq!((&one.esim_id, &one.status), (&other.esim_id, &other.status));
    assert_ne!(one.key, other.key);
    assert_eq!(other.provider, PIGEON);
}
