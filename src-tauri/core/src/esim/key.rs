//! What a window, a notification and a link name an eSIM by. Two providers may give the same id, and tell of the same
//! ICCID: those of all but the first have the provider's number before it.

use crate::event::ProviderId;

/// What opens an eSIM: the id that its provider gave it, else its ICCID; `None`: it has neither.
#[must_use]
pub fn key_of(provider: ProviderId, esim_id: Option<&str>, iccid: Option<&str>) -> Option<String> {
    let name = esim_id.or(iccid)?;
    let bare = provider == ProviderId::FIRST && read_key(name).0.is_none();
    Some(if bare {
        name.to_owned()
    } else {
        format!("{}/{name}", provider.number())
    })
}

/// Whose id or ICCID a key holds, and it. `None`: it says of no provider, as the first one's do.
#[must_use]
pub fn read_key(key: &str) -> (Option<ProviderId>, &str) {
    let marked = key
        .split_once('/')
        .and_then(|(number, name)| Some((ProviderId::new(number.parse().ok()?), name)));
    marked.map_or((None, key), |(provider, name)| (Some(provider), name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: ProviderId = ProviderId::new(2);

    #[test]
    fn a_key_says_whose_id_it_is() {
        for provider in [ProviderId::FIRST, SECOND] {
            for id in ["a", "2/a", "1/2/a", "/", "a/b"] {
                let key = key_of(provider, Some(id), None).unwrap();
                let (whose, name) = read_key(&key);
                assert_eq!((whose.unwrap_or_default(), name), (provider, id));
            }
        }
    }

    #[test]
    fn the_first_providers_keys_are_what_they_always_were() {
        let key = |esim_id, iccid| key_of(ProviderId::FIRST, esim_id, iccid);
        assert_eq!(key(Some("a"), Some("89")).as_deref(), Some("a"));
        assert_eq!(key(None, Some("89")).as_deref(), Some("89"));
        assert_eq!(key(None, None), None);
    }
}
