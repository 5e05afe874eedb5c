//! The one search of every list: "garcia" finds "García", "mueller" finds "Müller", and a number is found however it
//! is written. Pure.
//!
//! In: what somebody types or pastes, and the texts of a row. Out: whether the row is meant. Must not know what the
//! rows are.

mod code;
mod fold;
mod number;
mod titles;

pub(crate) use code::is_label;
pub(crate) use fold::drawn_together;
pub use fold::fold;

/// Words that stand in front of the number of an eSIM and say what it is.
const ICCID_LABELS: &[&str] = &["iccid", "icc"];

/// The same, of a number that is called as well.
const LABELS: &[&str] = &[
    "iccid",
    "icc",
    "tel",
    "telf",
    "tlf",
    "telefon",
    "telefono",
    "telefone",
    "telephone",
    "phone",
    "fon",
    "mobile",
    "mobil",
    "mob",
    "handy",
    "cell",
    "cel",
    "celular",
    "cellulare",
    "movil",
    "telemovel",
    "portable",
    "whatsapp",
    "callto",
    "sms",
    "fax",
];

/// How airlines address somebody, behind the name.
const ADDRESSED: &[&str] = &["MRS", "MISS", "MSTR", "MR", "MS", "CHD", "INF"];

/// Fewest digits of a number that is called, in front of which a word says what it is.
const MIN_CALLED_DIGITS: usize = 4;

/// What stands in front of an address in a link.
const MAIL_LINK: &str = "mailto:";

/// Signs around a word that belong to the sentence it was taken from.
const AROUND: &str = ",;:.!?()[]{}<>\"#*_|=~/\\¿¡…‹›•";

/// The texts of one row, folded, with the other spellings of their words and numbers: a line each, none of which runs
/// into the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchedText(String);

impl Default for SearchedText {
    fn default() -> Self {
        SearchedText("\n".to_owned())
    }
}

impl SearchedText {
    /// The texts of a row.
    #[must_use]
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> SearchedText {
        let mut searched = SearchedText::default();
        for text in texts {
            searched.add(text);
        }
        searched
    }

    /// Adds a text that somebody wrote.
    pub fn add(&mut self, text: &str) {
        for line in text.lines() {
            let folded = self.add_line(line);
            let mut others = number::numbers(folded);
            let words = folded
                .split(' ')
                .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
            let codes = words.filter(|word| code::is_code(word));
            others.extend(codes.filter_map(code::joined));
            if fold::has_pair(folded) {
                let words = folded.split(' ').filter(|word| fold::has_pair(word));
                others.extend(words.map(|word| fold::drawn_together(word).into_owned()));
            }
            others.extend(fold::spelled_out(line));
            if folded.contains(stands_without_blanks) && folded.contains(' ') {
                others.push(folded.replace(' ', ""));
            }
            self.add_folded(&others);
        }
    }

    /// Adds a reference or a number, which has one spelling, whatever stands between its digits.
    pub fn add_number(&mut self, text: &str) {
        let folded = self.add_line(text);
        let mut others = number::numbers(folded);
        others.extend(code::joined(folded));
        self.add_folded(&others);
    }

    /// Adds an identifier that is written in one way.
    pub fn add_id(&mut self, text: &str) {
        self.add_line(text);
    }

    /// Adds a line. Gives it folded.
    fn add_line(&mut self, text: &str) -> &str {
        let start = self.0.len();
        fold::fold_into(&mut self.0, text);
        let end = self.0.len();
        if end > start {
            self.0.push('\n');
        }
        self.0.get(start..end).unwrap_or_default()
    }

    fn add_folded(&mut self, lines: &[String]) {
        for line in lines {
            self.0.push_str(line);
            self.0.push('\n');
        }
    }

    /// The lines, a line break before, between and after them.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<SearchedText> for String {
    fn from(searched: SearchedText) -> String {
        searched.0
    }
}

/// What somebody searches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    words: Vec<Vec<String>>,
}

impl Search {
    /// The words that are typed or pasted, all of which have to be found. An ICCID among them identifies, or else a UUID,
    /// and the rest does not count.
    #[must_use]
    pub fn of(typed: &str) -> Search {
        Search::with(typed, |_| {
            let typed = typed.split_whitespace().flat_map(name_parts);
            let mut words: Vec<Vec<String>> = typed.map(spellings).collect();
            without_labels(&mut words);
            without_order_labels(&mut words);
            titles::without(&mut words);
            let plain: Vec<&str> = words
                .iter()
                .flat_map(|word| word.first())
                .map(String::as_str)
                .collect();
            let whole = plain.join(" ");
            match number::is_number(&whole) {
                true => vec![number_spellings(whole)],
                false => words,
            }
        })
    }

    /// A part of a text in one piece: the same as [`Search::of`], but what stands between words counts.
    #[must_use]
    pub fn phrase(typed: &str) -> Search {
        let typed = typed.trim();
        Search::with(typed, |folded| match number::is_number(folded) {
            true => vec![number_spellings(folded.to_owned())],
            false => {
                let mut spellings = each_spelling(folded.to_owned(), typed);
                spellings.extend(unlabelled_phrase(folded).map(str::to_owned));
                let codes = spellings.iter().filter(|one| code::is_code(one));
                let joined: Vec<String> = codes.filter_map(|one| code::joined(one)).collect();
                spellings.extend(joined);
                vec![spellings]
            }
        })
    }

    fn with(typed: &str, words: impl FnOnce(&str) -> Vec<Vec<String>>) -> Search {
        let folded = fold(typed);
        let identifies = number::iccid(&folded).map(|iccid| vec![iccid]);
        let words = match identifies.or_else(|| number::uuid(&folded)) {
            Some(spellings) => vec![spellings],
            None if folded.trim().is_empty() => Vec::new(),
            None => words(folded.trim()),
        };
        Search { words }
    }

    /// Whether it leaves nothing out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words, each in every spelling that counts: one of them has to be in a [`SearchedText`].
    pub fn words(&self) -> impl Iterator<Item = &[String]> {
        self.words.iter().map(Vec::as_slice)
    }

    /// Whether a row with this text is meant.
    #[must_use]
    pub fn finds(&self, text: &SearchedText) -> bool {
        let found = |spelling: &String| text.0.contains(spelling.as_str());
        self.words.iter().all(|word| word.iter().any(found))
    }

    /// Whether everything that it finds was found by `wider`: somebody typed on.
    #[must_use]
    pub fn narrows(&self, wider: &Search) -> bool {
        let holds = |longer: &[String], word: &[String]| {
            let mut longer = longer.iter();
            longer.all(|one| word.iter().any(|part| one.contains(part.as_str())))
        };
        let mut wider = wider.words();
        wider.all(|word| self.words().any(|longer| holds(longer, word)))
    }
}

/// A name as airlines write it, `SCHROEDER/ULIMR`: the parts, without how somebody is addressed. Any other word is one part.
fn name_parts(word: &str) -> impl Iterator<Item = &str> {
    let bare = word.trim_matches(|c| AROUND.contains(c));
    let is_name = |part: &str| part.chars().count() > 1 && part.chars().all(char::is_alphabetic);
    let (whole, name) = match bare.split_once('/') {
        Some((family, given)) if is_name(family) && is_name(given) => {
            let titles = ADDRESSED.iter();
            let given = titles
                .filter_map(|title| given.strip_suffix(title))
                .find(|given| given.chars().count() > 1)
                .unwrap_or(given);
            (None, Some([family, given]))
        }
        _ => (Some(word), None),
    };
    whole.into_iter().chain(name.into_iter().flatten())
}

/// A word that was typed, in every spelling that counts.
fn spellings(typed: &str) -> Vec<String> {
    let folded = fold(typed);
    let bare = folded.trim_matches(|c| AROUND.contains(c));
    let bare = bare.strip_prefix(MAIL_LINK).unwrap_or(bare);
    let bare = if bare.is_empty() { &folded } else { bare };
    let mut all = each_spelling(bare.to_owned(), typed.trim_matches(|c| AROUND.contains(c)));
    if number::is_number(bare) {
        all.extend(number::spellings(bare));
    }
    if code::is_code(bare) {
        all.extend(code::joined(bare));
    }
    all.extend(titles::behind(bare).map(str::to_owned));
    all
}

/// A phrase without the words in front that only say that a reference follows.
fn unlabelled_phrase(folded: &str) -> Option<&str> {
    let words: Vec<String> = folded.split_whitespace().map(str::to_owned).collect();
    let labels = code::labels(&words).into_iter();
    let mut rest = folded.trim_start();
    for _ in labels.take_while(|label| *label) {
        let behind = rest.split_once(' ').map_or("", |(_, behind)| behind);
        rest = behind.trim_start().trim_start_matches('#');
    }
    (rest.len() < folded.len() && code::is_reference(rest)).then_some(rest)
}

/// Whether names in this writing have no blank in them where somebody puts none: Chinese, Japanese, Korean.
fn stands_without_blanks(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// A number, also as it was typed: identifiers may be digits and dashes.
fn number_spellings(folded: String) -> Vec<String> {
    let mut all = number::spellings(&folded);
    if !all.contains(&folded) {
        all.push(folded);
    }
    all
}

fn each_spelling(folded: String, typed: &str) -> Vec<String> {
    let mut others = fold::spelled_out(typed);
    others.retain(|other| *other != folded);
    std::iter::once(folded).chain(others).collect()
}

/// Takes away what only says that a number follows, and signs that stand alone.
fn without_labels(words: &mut Vec<Vec<String>>) {
    let first = |word: &Vec<String>| word.first().cloned().unwrap_or_default();
    let any = |words: &[Vec<String>], test: fn(char) -> bool| {
        words.iter().any(|word| first(word).contains(test))
    };
    if any(words, char::is_alphanumeric) {
        words.retain(|word| first(word).contains(char::is_alphanumeric));
    }
    let digits = words.iter().map(first).collect::<String>();
    let digits = digits.chars().filter(char::is_ascii_digit).count();
    let labels = match digits {
        0 => return,
        1..MIN_CALLED_DIGITS => ICCID_LABELS,
        _ => LABELS,
    };
    words.retain(|word| !labels.contains(&first(word).as_str()));
    for word in words {
        let labelled = first(word);
        let numbers = labels
            .iter()
            .filter_map(|label| labelled.strip_prefix(label));
        let mut numbers = numbers.map(|number| number.trim_start_matches(['.', ':']));
        if let Some(number) = numbers.find(|number| number::is_number(number)) {
            // As it is written first: a plus in front of it says something.
            let written = std::iter::once(number.to_owned());
            *word = written.chain(number::spellings(number)).collect();
        }
    }
}

/// Takes away what only says that a reference follows: `Order REF-3`. A label alone, or in front of something else, is a
/// word like others.
fn without_order_labels(words: &mut Vec<Vec<String>>) {
    let first = |word: &Vec<String>| word.first().cloned().unwrap_or_default();
    for word in words.iter_mut() {
        let labelled = first(word);
        if let Some(reference) = code::unlabelled(&labelled) {
            let bare = reference.to_owned();
            let joined = code::joined(&bare);
            *word = std::iter::once(bare).chain(joined).collect();
        }
    }
    // `Order REF 3`
    let parted = words.windows(2).skip(1).position(|pair| {
        let [letters, digits] = [0, 1].map(|at| pair.get(at).map(first).unwrap_or_default());
        // Of four digits a label says enough: it may be a part of the reference, which is found without.
        let is_label = code::is_label(&letters) && code::is_reference(&digits);
        letters.chars().all(char::is_alphabetic)
            && digits.chars().all(|c| c.is_ascii_digit())
            && !is_label
    });
    if let Some(before) = parted.map(|at| at + 1) {
        let mut at = 0;
        words.retain(|word| {
            at += 1;
            at > before || !code::is_label(&first(word))
        });
        return;
    }
    let is_reference = |word: &Vec<String>| code::is_reference(first(word).trim_start_matches('#'));
    let is_locator = |word: &Vec<String>| code::is_locator(&first(word));
    let located = words
        .iter()
        .any(|word| code::is_locator_label(&first(word)));
    if words.iter().any(is_reference) || (located && words.iter().any(is_locator)) {
        let all: Vec<String> = words.iter().map(first).collect();
        let mut labels = code::labels(&all).into_iter();
        words.retain(|_| !labels.next().unwrap_or(false));
    }
}

#[cfg(test)]
mod tests;
