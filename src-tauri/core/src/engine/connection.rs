//! How deliveries reach this desk: what the person who sets it up sees and pastes.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::Uri;

use crate::display_in_english;
use crate::message::{Message, ToMessage};

/// Where the signing secret comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretState {
    /// There is none: the webhook's address is the only credential.
    None,
    /// It is in the system's keyring.
    Keyring,
    /// It is in a file in the data directory, because the system has no keyring.
    File,
    /// One was set, and can't be read: the listener stays down.
    Unreadable,
    /// One may be in the system's keyring, which does not open: the listener stays down.
    Unknown,
    /// It came from the environment and can't be changed in the window.
    Environment,
    /// The environment gives something that is no secret: the listener stays down.
    EnvironmentUnusable,
    /// There is none, and others have theirs: this provider's deliveries are refused.
    Shut,
}

/// Everything that the set-up needs. Never the secret itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Where the listener is, for instance `http://127.0.0.1:47615`; `None` while it is down.
    pub address: Option<String>,
    /// The port that is set.
    pub port: u16,
    /// Whether the port came from the command line or the environment.
    pub port_fixed: bool,
    /// The tunnel's public address.
    pub public_url: Option<String>,
    /// What is each provider's own; the first one leads.
    pub providers: Vec<ProviderConnection>,
    /// Where everything is kept.
    pub data_dir: String,
}

/// How the deliveries of one provider reach this desk. Never its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderConnection {
    /// Its name, as in paths.
    pub name: &'static str,
    /// Its name as a person reads it.
    pub display_name: &'static str,
    /// Its path below the listener's and the public address.
    pub webhook_path: String,
    /// What to paste into its portal.
    pub webhook_url: Option<String>,
    /// Where its signing secret comes from.
    pub secret: SecretState,
    /// Whether the secret before this one is still accepted.
    pub previous_secret: bool,
    /// The environment's variable that gives its secret.
    pub variable: String,
    /// The one that gives the secret before it.
    pub previous_variable: String,
}

/// Why a text is no public address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It can't be read as an address.
    NotAnAddress(String),
    /// It is not encrypted.
    NotHttps,
    /// There is a blank in it.
    Blank(String),
    /// It names a part of a page, as what is copied from a browser may.
    Fragment,
    /// It names a user.
    User,
    /// Its port is none.
    Port(String),
    /// Its host is known on this computer or in its network only.
    Private(String),
}

display_in_english!(UrlError);

impl ToMessage for UrlError {
    fn to_message(&self) -> Message {
        let naming =
            |key: &str, name: &str, text: &String| Message::of(key).with(name, text.as_str());
        match self {
            UrlError::NotAnAddress(text) => naming("error.url.notAnAddress", "text", text),
            UrlError::NotHttps => Message::of("error.url.notHttps"),
            UrlError::Blank(text) => naming("error.url.blank", "text", text),
            UrlError::Fragment => Message::of("error.url.fragment"),
            UrlError::User => Message::of("error.url.user"),
            UrlError::Port(port) => naming("error.url.port", "port", port),
            UrlError::Private(host) => naming("error.url.private", "host", host),
        }
    }
}

/// Endings of names that are known in one network only (RFC 6761, 6762, 8375; ICANN's `internal`; what routers give).
const PRIVATE_NAMES: [&str; 7] = [
    "localhost",
    "localdomain",
    "local",
    "lan",
    "home",
    "internal",
    "home.arpa",
];

/// Most characters of a name (RFC 1035, section 2.3.4), and of a part of it.
const MOST_OF_NAME: usize = 253;
const MOST_OF_LABEL: usize = 63;

/// The scheme and host of what the user pasted; a path behind it is dropped.
pub(super) fn public_base(text: &str) -> Result<String, UrlError> {
    let unseen = |c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}');
    let text = text.trim_matches(unseen);
    let brief = || text.chars().take(80).collect::<String>();
    let wrong = || UrlError::NotAnAddress(brief());
    if text.contains(unseen) {
        return Err(UrlError::Blank(brief()));
    }
    if text.contains('#') {
        return Err(UrlError::Fragment);
    }
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let authority = uri.authority().ok_or_else(wrong)?.as_str();
    if let Some((_, host)) = authority.rsplit_once('@') {
        return Err(if host.is_empty() {
            wrong()
        } else {
            UrlError::User
        });
    }
    let (host, port) = host_and_port(authority).ok_or_else(wrong)?;
    let host = host.to_ascii_lowercase();
    match uri.scheme_str() {
        Some("https") | None => {}
        Some("http") => return Err(UrlError::NotHttps),
        Some(_) => return Err(wrong()),
    }
    if is_private(&host) {
        return Err(UrlError::Private(host));
    }
    if !is_public(&host) {
        return Err(wrong());
    }
    match port.map(str::parse::<u16>) {
        // The usual one.
        None | Some(Ok(443)) => Ok(format!("https://{host}")),
        Some(Ok(port)) if port > 0 => Ok(format!("https://{host}:{port}")),
        Some(_) => Err(UrlError::Port(port.unwrap_or_default().to_owned())),
    }
}

/// The host without the dot behind it, and the port if one is named.
fn host_and_port(authority: &str) -> Option<(&str, Option<&str>)> {
    let after_ip = authority.find(']').map_or(0, |end| end + 1);
    let (host, port) = match authority.get(after_ip..)?.find(':') {
        Some(colon) => {
            let (host, port) = authority.split_at_checked(after_ip + colon)?;
            (host, port.strip_prefix(':'))
        }
        None => (authority, None),
    };
    Some((host.strip_suffix('.').unwrap_or(host), port))
}

/// The address that a host is, if it is none that has a name.
fn ip(host: &str) -> Option<IpAddr> {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    bare.unwrap_or(host).parse().ok()
}

/// Whether nobody but this computer and its network reaches a host (RFC 6890).
fn is_private(host: &str) -> bool {
    let v4 = |ip: Ipv4Addr| {
        let [first, second, ..] = ip.octets();
        let shared = first == 100 && (64..128).contains(&second);
        let nowhere = first == 0 || ip.is_multicast() || ip.is_broadcast();
        ip.is_loopback() || ip.is_private() || ip.is_link_local() || shared || nowhere
    };
    match ip(host) {
        Some(IpAddr::V4(ip)) => v4(ip),
        Some(IpAddr::V6(ip)) => {
            let own = ip.is_loopback() || ip.is_unspecified() || ip.is_multicast();
            let near = ip.is_unique_local() || ip.is_unicast_link_local();
            own || near || ip.to_ipv4_mapped().is_some_and(v4)
        }
        None => PRIVATE_NAMES.iter().any(|name| {
            let rest = host.strip_suffix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        }),
    }
}

/// Whether a host is an address, or a name of several parts of which the last is no number (RFC 1123, section 2.1).
fn is_public(host: &str) -> bool {
    let is_label = |label: &str| {
        let inner = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        (1..=MOST_OF_LABEL).contains(&label.len())
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let named = || {
        let last = host.rsplit('.').next().unwrap_or_default();
        host.contains('.')
            && host.len() <= MOST_OF_NAME
            && host.split('.').all(is_label)
            && !last.chars().all(|c| c.is_ascii_digit())
    };
    ip(host).is_some() || named()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_a_tunnel_shows() {
        for text in [
            "https://a.trycloudflare.com",
            " https://a.trycloudflare.com/ ",
            "\u{feff}https://a.trycloudflare.com\u{200b}",
            "a.trycloudflare.com",
            "a.trycloudflare.com.",
            "HTTPS://A.trycloudflare.com:443",
            "https://a.trycloudflare.com/hooks/x?y",
        ] {
            assert_eq!(
                public_base(text).as_deref(),
                Ok("https://a.trycloudflare.com"),
                "{text}"
            );
        }
        for text in [
            "https://desk.example.com:8443",
            "https://203.0.113.7",
            "https://[2001:db8::7]:8443",
            "https://localhost.example.com",
            "https://nothing.invalid",
        ] {
            assert_eq!(public_base(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn says_what_is_wrong_with_anything_else() {
        assert_eq!(public_base("http://a.example.com"), Err(UrlError::NotHttps));
        for text in [
            "",
            "hello",
            "ftp://a.example.com",
            "https://",
            "https://user@",
            "https://a..example.com",
            "https://-a.example.com",
            "https://a.b-.com",
            "https://1.2.3",
            "https://256.1.1.1",
            "https://[::g]",
            &format!("https://{}.com", "a".repeat(64)),
        ] {
            assert!(
                matches!(public_base(text), Err(UrlError::NotAnAddress(_))),
                "{text}: {:?}",
                public_base(text)
            );
        }
    }

    #[test]
    fn says_what_to_do_about_an_address_that_is_none_of_a_tunnel() {
        let forwarding = "https://a.ngrok-free.app -> http://localhost:47615";
        for text in ["two words.com", "https://a.example .com", forwarding] {
            assert_eq!(public_base(text), Err(UrlError::Blank(text.to_owned())));
        }
        for text in ["https://a.example.com#x", "https://a.example.com/#/tunnels"] {
            assert_eq!(public_base(text), Err(UrlError::Fragment), "{text}");
        }
        for text in [
            "https://user@a.example.com",
            "https://user:word@a.example.com",
        ] {
            assert_eq!(public_base(text), Err(UrlError::User), "{text}");
        }
        for (text, port) in [
            ("https://x.example:99999", "99999"),
            ("https://x.example:0", "0"),
            ("https://x.example:", ""),
        ] {
            assert_eq!(public_base(text), Err(UrlError::Port(port.to_owned())));
        }
    }

    #[test]
    fn a_host_of_ones_own_network_is_no_public_address() {
        for host in [
            "localhost",
            "desk.localhost",
            "printer.local",
            "desk.lan",
            "desk.home.arpa",
            "desk.internal",
            "127.0.0.1",
            "127.1.2.3",
            "10.0.0.7",
            "172.16.0.1",
            "192.168.1.20",
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:192.168.1.20]",
        ] {
            let text = format!("https://{host}:8443/x");
            assert_eq!(
                public_base(&text),
                Err(UrlError::Private(host.to_owned())),
                "{text}"
            );
        }
        // Also where the rest would be wrong.
        assert_eq!(
            public_base("http://127.0.0.1:47615"),
            Err(UrlError::NotHttps)
        );
    }
}
