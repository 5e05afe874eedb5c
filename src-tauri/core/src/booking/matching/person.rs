//! Whether two spellings of a name are the same person's: with other accents, the other way round, with a title, as
//! airlines write it. What the two can be reached by helps.

use std::collections::HashMap;

use crate::booking::several;
use crate::search::{drawn_together, fold};
use crate::traveller::Traveller;

/// Fewest digits of a number that may be written with and without its country.
const MIN_SHARED_DIGITS: usize = 7;

/// Most words that one of two spellings of a name may have more than the other.
const MAX_MORE_WORDS: usize = 2;

/// How somebody is addressed, folded. What tells a father from his son is none of them.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mstr", "chd", "inf", "herr", "frau", "hr", "fr", "sra", "senor",
    "senora", "mme", "mlle", "monsieur", "madame", "sig", "sigra", "signor", "signora", "senhor",
    "senhora", "dr", "prof", "dipl", "ing", "mag", "phd", "dott", "drs",
];

/// Those that are one only in front of a whole name.
const TITLES_IN_FRONT: &[&str] = &["m", "sr"];

/// The folded words of a name in the order of the alphabet, without titles.
fn words(name: &str) -> Vec<String> {
    let folded = fold(name).replace("sig.ra", "sigra");
    let parts = folded.split(|c: char| !c.is_alphanumeric());
    let all: Vec<&str> = parts.filter(|word| !word.is_empty()).collect();
    let in_front =
        |at: usize, word: &str| at == 0 && all.len() > 2 && TITLES_IN_FRONT.contains(&word);
    let bare = all.iter().enumerate();
    let bare = bare.filter(|(at, word)| !TITLES.contains(*word) && !in_front(*at, word));
    let bare: Vec<&str> = bare.map(|(_, word)| *word).collect();
    let kept = if bare.is_empty() { all } else { bare };
    let mut words: Vec<String> = kept.into_iter().map(str::to_owned).collect();
    words.sort_unstable();
    words
}

/// A name as it is compared within one list, which writes a name in one way.
pub(super) fn key_of_name(name: &str) -> String {
    words(name).join(" ")
}

/// What somebody can be reached by.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Contact {
    /// An address, or whatever has no number.
    Text(String),
    /// A number that is called.
    Number(String),
}

fn contacts(text: &str) -> Vec<Contact> {
    let parts = text.split([',', ';', '|', '\n']);
    let parts = parts.flat_map(|part| {
        // Where an address is, blanks part it from the rest.
        let (mails, others): (Vec<&str>, Vec<&str>) =
            part.split_whitespace().partition(|word| word.contains('@'));
        let mails = mails.into_iter().map(|mail| Contact::Text(fold(mail)));
        let digits: String = others
            .concat()
            .chars()
            .filter(char::is_ascii_digit)
            .collect();
        let other = match digits.is_empty() {
            true => Contact::Text(fold(&others.join(" "))),
            false => Contact::Number(digits.trim_start_matches('0').to_owned()),
        };
        mails.chain([other])
    });
    let empty = Contact::Text(String::new());
    parts.filter(|one| *one != empty).collect()
}

/// Whether two ways to reach somebody are one: a number is written with and without its country.
fn is_one(one: &Contact, other: &Contact) -> bool {
    match (one, other) {
        (Contact::Number(a), Contact::Number(b)) => {
            let (longer, shorter) = if a.len() > b.len() { (a, b) } else { (b, a) };
            a == b || (shorter.len() >= MIN_SHARED_DIGITS && longer.ends_with(shorter.as_str()))
        }
        (one, other) => one == other,
    }
}

/// A traveller, as far as two of them can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    /// The name as one list writes it; empty: nobody is named.
    pub key: String,
    /// The words of the name, also where another list spells out what this one does not: `mueller` is `muller`.
    words: Vec<String>,
    contacts: Vec<Contact>,
    /// Whether the name may be that of several people.
    several: bool,
}

impl Person {
    pub fn of(traveller: &Traveller) -> Person {
        let words = words(&traveller.name);
        let spelled = words.iter().map(|word| drawn_together(word).into_owned());
        let mut spelled: Vec<String> = spelled.collect();
        spelled.sort_unstable();
        Person {
            key: words.join(" "),
            words: spelled,
            contacts: contacts(&traveller.contact),
            several: several::whole(&traveller.name).is_some(),
        }
    }

    /// Whether both can be reached by the same.
    fn shares_contact(&self, other: &Person) -> bool {
        let mut own = self.contacts.iter();
        own.any(|one| other.contacts.iter().any(|two| is_one(one, two)))
    }

    /// Whether both can be reached in the same way, and not by the same.
    pub fn is_reached_otherwise(&self, other: &Person) -> bool {
        let kind = |one: &Contact| matches!(one, Contact::Number(_));
        let mut own = self.contacts.iter();
        let same_way = own.any(|one| other.contacts.iter().any(|two| kind(one) == kind(two)));
        same_way && !self.shares_contact(other)
    }

    /// Whether a word of the name is the other's as well.
    fn shares_word(&self, other: &Person) -> bool {
        self.words.iter().any(|word| other.words.contains(word))
    }

    /// Whether nothing of the two speaks for one person: no word, no initial, no pet name, no way to reach them.
    fn is_nothing_of(&self, other: &Person) -> bool {
        let may_be = |one: &String, two: &String| {
            let (longer, shorter) = if one.len() > two.len() {
                (one, two)
            } else {
                (two, one)
            };
            longer.starts_with(shorter.as_str())
        };
        let named = |word: &String| other.words.iter().any(|two| may_be(word, two));
        let both = !self.words.is_empty() && !other.words.is_empty();
        both && !self.words.iter().any(named) && !self.shares_contact(other)
    }

    /// Whether one of two names is the other with further first names, or with less of them: `Z. Müller` is
    /// `Zoé Marie Müller`.
    fn is_alike(&self, other: &Person) -> bool {
        let (longer, shorter) = match self.words.len() > other.words.len() {
            true => (self, other),
            false => (other, self),
        };
        if self.several || other.several || shorter.words.len() < 2 {
            return false;
        }
        let mut left: Vec<&String> = longer.words.iter().collect();
        let mut initials = Vec::new();
        for word in &shorter.words {
            match left.iter().position(|one| *one == word) {
                Some(at) => drop(left.remove(at)),
                None => initials.push(word),
            }
        }
        let whole = initials.len() < shorter.words.len();
        let fit = initials.into_iter().all(|word| {
            let begins = |one: &&String| {
                (one.chars().count() == 1 || word.chars().count() == 1)
                    && one.chars().next() == word.chars().next()
            };
            let at = left.iter().position(begins);
            at.map(|at| left.remove(at)).is_some()
        });
        whole && fit && left.len() <= MAX_MORE_WORDS
    }

    /// Whether both are the same person, as far as names tell.
    pub fn is(&self, other: &Person) -> bool {
        self.words == other.words || self.is_alike(other)
    }
}

/// Whether two travellers are the same person, as far as names tell.
pub(super) fn is_same(one: &Traveller, other: &Traveller) -> bool {
    one.name == other.name || Person::of(one).is(&Person::of(other))
}

/// Whether a list names somebody else than is known.
pub(super) fn is_another(known: &Traveller, listed: &Traveller) -> bool {
    known.name != listed.name && Person::of(known).is_nothing_of(&Person::of(listed))
}

/// Whether two may be the same person, also with a slip of the finger or with one part of the name only; or nobody can tell, as
/// one is not named.
pub(super) fn may_be_same(one: &Traveller, other: &Traveller) -> bool {
    let (a, b) = (Person::of(one), Person::of(other));
    let (longer, shorter) = match a.words.len() > b.words.len() {
        true => (&a, &b),
        false => (&b, &a),
    };
    let slipped = |word: &String, other: &String| {
        let most = match word.chars().count() {
            0..4 => 0,
            4..8 => 1,
            _ => 2,
        };
        strsim::damerau_levenshtein(word, other) <= most
    };
    let is_there = |word: &String| {
        let mut others = longer.words.iter();
        others.any(|other| {
            other.starts_with(word.as_str())
                || word.starts_with(other.as_str())
                || slipped(word, other)
        })
    };
    shorter.words.iter().all(is_there) || (a.shares_contact(&b) && a.shares_word(&b)) || a.is(&b)
}

/// What tells that two are one person.
type Tells = fn(&Person, &Person) -> bool;

/// What tells it, the surest first.
const TELLING: [Tells; 6] = [
    |one, other| one.key == other.key && one.shares_contact(other),
    |one, other| one.key == other.key && !one.is_reached_otherwise(other),
    |one, other| one.words == other.words && !one.is_reached_otherwise(other),
    |one, other| one.words == other.words,
    |one, other| one.shares_contact(other) && one.shares_word(other),
    Person::is_alike,
];

/// Which of those who are known each of these people is, by their places; `None`: none, or nobody can tell.
pub(super) fn recognised(people: &[&Person], known: &[Option<Person>]) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> = vec![None; people.len()];
    let mut open: Vec<(usize, &Person)> = known
        .iter()
        .enumerate()
        .filter_map(|(at, one)| Some((at, one.as_ref()?)))
        .filter(|(_, one)| !one.key.is_empty())
        .collect();
    for tells in TELLING {
        // By those who are known: the only one of the people who may be it.
        let mut only: HashMap<usize, Option<usize>> = HashMap::new();
        for (place, person) in people.iter().enumerate() {
            if person.key.is_empty() || found.get(place).is_some_and(Option::is_some) {
                continue;
            }
            let fitting = open.iter().filter(|(_, known)| tells(person, known));
            let fitting: Vec<usize> = fitting.map(|(at, _)| *at).collect();
            for at in &fitting {
                let is_only = fitting.len() == 1 && !only.contains_key(at);
                only.insert(*at, Some(place).filter(|_| is_only));
            }
        }
        for (at, place) in only {
            if let Some(found) = place.and_then(|place| found.get_mut(place)) {
                *found = Some(at);
                open.retain(|(one, _)| *one != at);
            }
        }
    }
    found
}

/// A name as it is noted of somebody who is known: a spelling that lost accents or small letters, or that airlines use,
/// tells nothing new.
pub(super) fn better_name(known: &str, listed: &str) -> String {
    let shouts = |name: &str| {
        let capitals = |word: &str| word.len() > 1 && !word.contains(char::is_lowercase);
        name.split(|c: char| !c.is_alphabetic()).any(capitals)
    };
    let poorer = || {
        (listed.is_ascii() && !known.is_ascii())
            || (shouts(listed) && !shouts(known))
            || (listed.contains('/') && !known.contains('/'))
    };
    let named = |name: &str| {
        Person::of(&Traveller {
            name: name.to_owned(),
            ..Traveller::default()
        })
    };
    let same = || !known.is_empty() && named(known).words == named(listed).words;
    let kept = poorer() && same();
    (if kept { known } else { listed }).to_owned()
}

#[cfg(test)]
mod tests;
