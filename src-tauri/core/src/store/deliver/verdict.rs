//! What became of a delivery, in the word that the tables keep.

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It brought a new event.
    Accepted,
    /// It brought a new event that this version does not recognise; kept as it came.
    Unrecognized,
    /// Its event was known already.
    Duplicate,
    /// It is no JSON object; the bytes are kept all the same.
    Malformed,
}

impl Verdict {
    /// Whether it brought an event that was not known.
    #[must_use]
    pub fn is_new(self) -> bool {
        matches!(self, Verdict::Accepted | Verdict::Unrecognized)
    }

    pub(in crate::store) fn as_str(self) -> &'static str {
        match self {
            Verdict::Accepted => "accepted",
            Verdict::Unrecognized => "unrecognized",
            Verdict::Duplicate => "duplicate",
            Verdict::Malformed => "malformed",
        }
    }

    pub(in crate::store) fn from_text(text: &str) -> Verdict {
        match text {
            "accepted" => Verdict::Accepted,
            "unrecognized" => Verdict::Unrecognized,
            "duplicate" => Verdict::Duplicate,
            // The table allows nothing else.
            _ => Verdict::Malformed,
        }
    }
}
