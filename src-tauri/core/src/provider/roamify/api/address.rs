//! Addresses of APIs: where a token may be sent to.

use reqwest::Url;

use crate::http::is_own;
use crate::provider::ApiError;

/// An address that the token may be sent to: a secured one, or this computer's own.
pub(super) fn address(text: &str) -> Result<Url, ApiError> {
    let wrong = || ApiError::Address(shown(text));
    let url = Url::parse(text.trim()).map_err(|_| wrong())?;
    let secured = match url.scheme() {
        "https" => true,
        "http" => is_own(&url),
        _ => false,
    };
    let bare = matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    (secured && bare && url.has_host())
        .then_some(url)
        .ok_or_else(wrong)
}

/// An address without what may be a credential in it.
fn shown(text: &str) -> String {
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 <= at => {
            let (scheme, host) = (text.get(..scheme + 3), text.get(at + 1..));
            format!(
                "{}…@{}",
                scheme.unwrap_or_default(),
                host.unwrap_or_default()
            )
        }
        _ => text.to_owned(),
    }
}
