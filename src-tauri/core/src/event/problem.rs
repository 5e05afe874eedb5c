//! Why an event is not understood: a code and what it names, which is what is stored; and both in English.

use crate::display_in_english;
use crate::message::{Message, ToMessage};

/// Longest text of a payload that a problem repeats, in characters.
const MAX_ARGUMENT: usize = 40;

/// What keeps this version from understanding an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Problem {
    /// It does not say what it is about.
    NoCategory,
    /// It is about something that this version does not know.
    UnknownCategory(String),
    /// It does not say what it tells.
    NoType,
    /// It tells something that this version does not know.
    UnknownType(String),
    /// It does not say when it happened.
    NoTime,
    /// When it happened can't be read.
    UnreadableTime,
    /// When it happened lies beyond its receipt.
    FutureTime,
    /// When it happened lies before anything that is told of.
    PastTime,
    /// The ICCID that it names has lost digits.
    DamagedIccid,
    /// It names no eSIM.
    NoEsim,
    /// It names no status.
    NoStatus,
    /// It names a status that this version does not know.
    UnknownStatus(String),
    /// It tells no balance.
    NoBalance,
    /// What an older version wrote down and this one has no code for.
    Noted(String),
}

impl Problem {
    /// A problem that names a text of the payload, cut short: a payload can name a category as long as itself.
    #[must_use]
    pub fn naming(of: fn(String) -> Problem, text: &str) -> Problem {
        of(text.chars().take(MAX_ARGUMENT).collect())
    }

    /// Those of a time that can be read and not be right.
    pub fn times() -> impl Iterator<Item = Problem> {
        [Problem::FutureTime, Problem::PastTime].into_iter()
    }

    /// The code. Never changes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Problem::NoCategory => "noCategory",
            Problem::UnknownCategory(_) => "unknownCategory",
            Problem::NoType => "noType",
            Problem::UnknownType(_) => "unknownType",
            Problem::NoTime => "noTime",
            Problem::UnreadableTime => "unreadableTime",
            Problem::FutureTime => "futureTime",
            Problem::PastTime => "pastTime",
            Problem::DamagedIccid => "damagedIccid",
            Problem::NoEsim => "noEsim",
            Problem::NoStatus => "noStatus",
            Problem::UnknownStatus(_) => "unknownStatus",
            Problem::NoBalance => "noBalance",
            Problem::Noted(_) => "noted",
        }
    }

    /// The text of the payload that it names.
    #[must_use]
    pub fn argument(&self) -> Option<&str> {
        match self {
            Problem::UnknownCategory(text)
            | Problem::UnknownType(text)
            | Problem::UnknownStatus(text)
            | Problem::Noted(text) => Some(text),
            Problem::NoCategory
            | Problem::NoType
            | Problem::NoTime
            | Problem::UnreadableTime
            | Problem::FutureTime
            | Problem::PastTime
            | Problem::DamagedIccid
            | Problem::NoEsim
            | Problem::NoStatus
            | Problem::NoBalance => None,
        }
    }

    /// The problem as it is stored: `noTime`, `unknownStatus:SUSPENDED`.
    #[must_use]
    pub fn as_text(&self) -> String {
        match self.argument() {
            Some(argument) => format!("{}:{argument}", self.code()),
            None => self.code().to_owned(),
        }
    }

    /// Reads a stored problem.
    #[must_use]
    pub fn from_text(text: &str) -> Problem {
        let (code, argument) = text.split_once(':').unwrap_or((text, ""));
        let argument = argument.to_owned();
        match code {
            "noCategory" => Problem::NoCategory,
            "unknownCategory" => Problem::UnknownCategory(argument),
            "noType" => Problem::NoType,
            "unknownType" => Problem::UnknownType(argument),
            "noTime" => Problem::NoTime,
            "unreadableTime" => Problem::UnreadableTime,
            "futureTime" => Problem::FutureTime,
            "pastTime" => Problem::PastTime,
            "damagedIccid" => Problem::DamagedIccid,
            "noEsim" => Problem::NoEsim,
            "noStatus" => Problem::NoStatus,
            "unknownStatus" => Problem::UnknownStatus(argument),
            "noBalance" => Problem::NoBalance,
            "noted" => Problem::Noted(argument),
            _ => Problem::Noted(text.to_owned()),
        }
    }

    /// The sentence that versions before codes stored. What the catalogue says may change; this may not.
    fn sentence_before_codes(&self) -> String {
        let new = |what: &str, name: &str| format!("The {what} “{name}” is new to this version.");
        match self {
            Problem::NoCategory => "It names no event category.".to_owned(),
            Problem::UnknownCategory(name) => new("category", name),
            Problem::NoType => "It names no event type.".to_owned(),
            Problem::UnknownType(name) => new("type", name),
            Problem::NoTime => "It does not say when it happened (no timestamp).".to_owned(),
            Problem::UnreadableTime => "Its timestamp can't be read.".to_owned(),
            // Those versions did not know these.
            Problem::FutureTime | Problem::PastTime | Problem::DamagedIccid => {
                self.code().to_owned()
            }
            Problem::NoEsim => "It names no eSIM (neither esim_id nor iccid).".to_owned(),
            Problem::NoStatus => "It names no status.".to_owned(),
            Problem::UnknownStatus(name) => new("status", name),
            Problem::NoBalance => "Its balance is missing or not a number.".to_owned(),
            Problem::Noted(text) => text.clone(),
        }
    }

    /// Reads the sentence that versions before codes stored.
    #[must_use]
    pub fn from_sentence(sentence: &str) -> Problem {
        let fixed = [
            Problem::NoCategory,
            Problem::NoType,
            Problem::NoTime,
            Problem::UnreadableTime,
            Problem::NoEsim,
            Problem::NoStatus,
            Problem::NoBalance,
        ];
        if let Some(problem) = fixed
            .into_iter()
            .find(|one| one.sentence_before_codes() == sentence)
        {
            return problem;
        }
        let naming: [fn(String) -> Problem; 3] = [
            Problem::UnknownCategory,
            Problem::UnknownType,
            Problem::UnknownStatus,
        ];
        for of in naming {
            let frame = of("\0".to_owned()).sentence_before_codes();
            let argument = frame
                .split_once('\0')
                .and_then(|(before, after)| sentence.strip_prefix(before)?.strip_suffix(after));
            if let Some(argument) = argument {
                return of(argument.to_owned());
            }
        }
        Problem::Noted(sentence.to_owned())
    }
}

display_in_english!(Problem);

impl ToMessage for Problem {
    fn to_message(&self) -> Message {
        let key = |code: &str| Message::of(format!("problem.{code}"));
        match self {
            Problem::UnknownCategory(name)
            | Problem::UnknownType(name)
            | Problem::UnknownStatus(name) => key(self.code()).with("name", name.as_str()),
            Problem::Noted(text) => key(self.code()).with("text", text.as_str()),
            Problem::NoCategory
            | Problem::NoType
            | Problem::NoTime
            | Problem::UnreadableTime
            | Problem::FutureTime
            | Problem::PastTime
            | Problem::DamagedIccid
            | Problem::NoEsim
            | Problem::NoStatus
            | Problem::NoBalance => key(self.code()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_read_from_what_is_stored_and_from_what_was_stored() {
        let text = || "a: “b”".to_owned();
        for problem in [
            Problem::NoCategory,
            Problem::UnknownCategory(text()),
            Problem::NoType,
            Problem::UnknownType(text()),
            Problem::NoTime,
            Problem::UnreadableTime,
            Problem::NoEsim,
            Problem::NoStatus,
            Problem::UnknownStatus(text()),
            Problem::NoBalance,
            Problem::Noted(text()),
        ] {
            assert_eq!(Problem::from_text(&problem.as_text()), problem);
            assert_eq!(
                Problem::from_sentence(&problem.sentence_before_codes()),
                problem
            );
        }
    }

    #[test]
    fn problems_since_there_are_codes_are_read_from_what_is_stored() {
        for problem in [
            Problem::FutureTime,
            Problem::PastTime,
            Problem::DamagedIccid,
        ] {
            assert_eq!(Problem::from_text(&problem.as_text()), problem);
        }
    }

    #[test]
    fn a_long_name_is_cut_short() {
        let problem = Problem::naming(Problem::UnknownType, &"é".repeat(500));
        assert_eq!(problem.argument(), Some(&*"é".repeat(MAX_ARGUMENT)));
    }
}
