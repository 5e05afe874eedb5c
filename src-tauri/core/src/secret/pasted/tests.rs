//! Tests of what is taken for a secret of what was pasted.

use super::*;

fn token(text: &str) -> Result<String, UnusableSecret> {
    Secret::of_token(text).map(|token| token.reveal().to_owned())
}

#[test]
fn what_stands_around_a_token_is_no_part_of_it() {
    for pasted in [
        "tok-1_a.b~c+d/e=",
        " tok-1_a.b~c+d/e=\r\n",
        "\u{feff}\u{200b}tok-1_\u{200b}a.b~c+d/e=\u{a0}",
        "\"tok-1_a.b~c+d/e=\"",
        "'tok-1_a.b~c+d/e='",
        "`tok-1_a.b~c+d/e=`",
        "“tok-1_a.b~c+d/e=”",
        "„tok-1_a.b~c+d/e=“",
        "« tok-1_a.b~c+d/e= »",
        "<tok-1_a.b~c+d/e=>",
        "\"tok-1_a.b~c+d/e=\",",
        "Bearer tok-1_a.b~c+d/e=",
        "bearer\ttok-1_a.b~c+d/e=",
        "BEARER: tok-1_a.b~c+d/e=",
        "\"Bearer tok-1_a.b~c+d/e=\"",
        "Bearer \"tok-1_a.b~c+d/e=\"",
        "Bearer <tok-1_a.b~c+d/e=>",
        "Bearer\u{a0}tok-1_a.b~c+d/e=",
        "Bearer\ntok-1_a.b~c+d/e=",
        "Authorization: Bearer tok-1_a.b~c+d/e=",
        "authorization:bearer tok-1_a.b~c+d/e=\n",
        "'Authorization': 'Bearer tok-1_a.b~c+d/e='",
        "\"Authorization\": \"Bearer tok-1_a.b~c+d/e=\",",
        "Authorization:\n  Bearer tok-1_a.b~c+d/e=",
        "Bearer Bearer tok-1_a.b~c+d/e=",
        "ESIM_WATCH_API_TOKEN=tok-1_a.b~c+d/e=",
        "export ESIM_WATCH_API_TOKEN=\"tok-1_a.b~c+d/e=\"",
        "Access token: tok-1_a.b~c+d/e=",
    ] {
        assert_eq!(
            token(pasted).as_deref(),
            Ok("tok-1_a.b~c+d/e="),
            "{pasted:?}"
        );
    }
}

#[test]
fn a_token_that_looks_like_what_stands_around_one_is_one() {
    for kept in [
        "bearertok",
        "Bearer1",
        "tokenize",
        "token_1",
        "12|abc",
        "a.b.",
        "exports",
        "access-token",
        "token",
    ] {
        assert_eq!(token(kept).as_deref(), Ok(kept));
    }
}

#[test]
fn nothing_but_what_stands_around_a_token_is_none() {
    for blank in [
        "",
        " \n",
        "\u{200b}",
        "\"\"",
        "''",
        "Bearer",
        "Bearer ",
        "Authorization: Bearer",
        "“”",
        "ESIM_WATCH_API_TOKEN=",
    ] {
        assert_eq!(token(blank), Err(UnusableSecret::Blank), "{blank:?}");
    }
}

#[test]
fn what_nobody_can_know_is_told() {
    for (pasted, reason) in [
        ("tok\n1", UnusableSecret::SeveralLines),
        ("Bearer tok\r\n1", UnusableSecret::SeveralLines),
        ("tok 1", UnusableSecret::NotToken),
        ("tok\t1", UnusableSecret::NotToken),
        ("tok–1", UnusableSecret::NotToken),
        ("tok…", UnusableSecret::Hidden),
        ("https://portal.example/keys", UnusableSecret::Address),
        ("••••••", UnusableSecret::Hidden),
        ("tok\0", UnusableSecret::NotToken),
        ("tok\u{fffd}", UnusableSecret::NotToken),
    ] {
        assert_eq!(token(pasted), Err(reason), "{pasted:?}");
    }
}

fn secret(text: &str) -> Result<String, UnusableSecret> {
    Secret::of_signing(text).map(|secret| secret.reveal().to_owned())
}

#[test]
fn what_stands_around_a_signing_secret_is_no_part_of_it() {
    for pasted in [
        "whsec_a b+/=",
        " whsec_a b+/=\r\n",
        "\u{feff}whsec_\u{200b}a b+/=\u{a0}",
        "\"whsec_a b+/=\"",
        "'whsec_a b+/='",
        "`whsec_a b+/=`",
        "´whsec_a b+/=´",
        "“whsec_a b+/=”",
        "„whsec_a b+/=“",
        "»whsec_a b+/=«",
        "« whsec_a b+/= »",
        "‹whsec_a b+/=›",
        "‘whsec_a b+/=’",
        "‚whsec_a b+/=‘",
        "“whsec_a b+/=",
        "whsec_a b+/=»",
        "<whsec_a b+/=>",
        "\"whsec_a b+/=\",",
        "'whsec_a b+/=';",
        "Signing secret: whsec_a b+/=",
        "SIGNING SECRET : \"whsec_a b+/=\"",
        "Signing secret:\n  whsec_a b+/=",
        "Signing secret\nwhsec_a b+/=",
        "Webhook secret = whsec_a b+/=",
        "\"webhook_secret\": \"whsec_a b+/=\",",
        "\"Signing secret: whsec_a b+/=\"",
        "secret: 'whsec_a b+/='",
        "ESIM_WATCH_WEBHOOK_SECRET=whsec_a b+/=",
        "export ESIM_WATCH_WEBHOOK_SECRET=\"whsec_a b+/=\"",
        "Signaturgeheimnis: whsec_a b+/=",
        "Secret de signature : whsec_a b+/=",
        "Clé secrète : whsec_a b+/=",
        "Secreto de firma: whsec_a b+/=",
        "Segreto di firma: whsec_a b+/=",
        "Segredo de assinatura: whsec_a b+/=",
    ] {
        assert_eq!(secret(pasted).as_deref(), Ok("whsec_a b+/="), "{pasted:?}");
    }
}

#[test]
fn a_signing_secret_keeps_what_may_be_a_part_of_it() {
    for kept in [
        "k9<2,>",
        "\"x",
        "x'",
        "'a\"b",
        "a,b,",
        "secret santa",
        "secretary",
        "signing secret",
        "a**b",
        "a...b",
        "v1.abc/def",
        "a.b.c",
        "c2VjcmV0/Pw==",
        "12:34",
    ] {
        assert_eq!(secret(kept).as_deref(), Ok(kept));
    }
}

#[test]
fn what_a_page_shows_in_the_place_of_a_secret_is_none() {
    for hidden in [
        "••••••••",
        "whsec_••••ab12",
        "●●●●",
        "····",
        "********",
        "***",
        "whsec_****",
        "whsec_ab…",
        "…ab12",
        "whsec_ab...",
        "Signing secret: ••••",
        "\"••••\"",
    ] {
        assert_eq!(secret(hidden), Err(UnusableSecret::Hidden), "{hidden:?}");
    }
}

#[test]
fn an_address_is_no_secret() {
    for address in [
        "https://abc.trycloudflare.com/hooks/roamify/4f2a",
        "http://127.0.0.1:47615",
        "HTTPS://portal.example",
        "\"https://portal.example/webhooks\"",
        "Signing secret: https://portal.example",
        "abc.ngrok-free.app/hooks/roamify/4f2a",
        "portal.example:443",
        "www.portal.example",
    ] {
        assert_eq!(secret(address), Err(UnusableSecret::Address), "{address:?}");
    }
}

#[test]
fn quotes_and_labels_alone_are_no_secret() {
    for blank in [
        "\"\"",
        "“”",
        "Signing secret:",
        "secret =",
        "ESIM_WATCH_WEBHOOK_SECRET=",
    ] {
        assert_eq!(secret(blank), Err(UnusableSecret::Blank), "{blank:?}");
    }
}
