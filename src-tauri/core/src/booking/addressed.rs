//! A name with an address beside it, as mail programs write them: `Anna Muster <anna@example.org>`.

/// What stands around an address.
const AROUND: &str = "<>()[]{},;:\"'“”„";

/// What is left of a name is without these at its ends.
const LOOSE: &str = ",;:<>\"“”„";

/// A text without its addresses, and these.
pub(super) fn parted(text: &str) -> (String, Vec<String>) {
    if !text.contains('@') {
        return (text.to_owned(), Vec::new());
    }
    let mut addresses = Vec::new();
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        match word.contains('@') {
            false => words.push(word),
            // Between a name and its address there may be no blank, and a comma behind it.
            true => {
                let from = word.find(['<', '(', '[']).unwrap_or(0);
                let (before, address) = word.split_at_checked(from).unwrap_or(("", word));
                let address = address.trim_matches(|c| AROUND.contains(c));
                let address = address.strip_prefix("mailto:").unwrap_or(address);
                if !before.is_empty() {
                    words.push(before);
                }
                addresses.push(address.to_owned());
            }
        }
    }
    let name = words.join(" ");
    let name = name.trim_matches(|c: char| LOOSE.contains(c) || c.is_whitespace());
    (name.to_owned(), addresses)
}

/// Whether a text has a name beside its address.
pub(super) fn is_named(text: &str) -> bool {
    let (name, addresses) = parted(text);
    // `E-mail: …` and `Tel. 0171 …, …` are no names.
    let other =
        text.replace("mailto:", "").contains(':') || name.contains(|c: char| c.is_numeric());
    !addresses.is_empty() && !other && name.contains(char::is_alphabetic)
}

/// Several names, each with its address behind it; empty: they are not.
pub(super) fn each(text: &str) -> Vec<(String, String)> {
    let pieces = text.split_inclusive('>');
    let pieces: Vec<&str> = pieces.filter(|piece| !piece.trim().is_empty()).collect();
    let each = pieces.iter().map(|piece| {
        let (name, addresses) = parted(piece.trim_start_matches([',', ';', ' ', '\n', '\r']));
        let [address] = addresses.as_slice() else {
            return None;
        };
        let named = name.contains(char::is_alphabetic);
        named.then(|| (name, address.clone()))
    });
    let each: Option<Vec<_>> = each.collect();
    each.filter(|each| each.len() > 1).unwrap_or_default()
}
