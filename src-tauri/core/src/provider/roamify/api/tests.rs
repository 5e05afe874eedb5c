//! What is asked, and what the answers become.

mod asking;
mod breaking;
mod cut;
mod given_back;
mod reading;
mod shelf;
mod sizes;
mod telling;
mod waiting;

use super::*;

#[test]
fn the_token_goes_to_secured_addresses_and_to_this_computer_only() {
    for good in [
        "https://api.getroamify.com",
        "https://api.getroamify.com/",
        "https://10.1.2.3:8443",
        "http://127.0.0.1:8080",
        "http://127.9.9.9",
        "http://localhost:1/",
        "http://[::1]:8080",
        " https://a.example\n",
    ] {
        assert!(address(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "api.getroamify.com",
        "http://api.getroamify.com",
        "http://10.0.0.1",
        "http://localhost.example",
        "ftp://127.0.0.1",
        "https://a.example/api",
        "https://a.example?x=1",
        "https://a.example#x",
        "https://user:pass@a.example",
    ] {
        assert!(matches!(address(bad), Err(ApiError::Address(_))), "{bad}");
    }
}

#[test]
fn what_may_be_a_credential_in_an_address_is_not_shown() {
    let ApiError::Address(shown) = address("https://me:secret@a.example/").unwrap_err() else {
        panic!("another error");
    };
    assert_eq!(shown, "https://…@a.example/");
}
