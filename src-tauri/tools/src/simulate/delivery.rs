//! One delivery of the traffic: its bytes, what they tell, and whether they come in their turn. Plain data.

/// One request to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The bytes to be posted.
    pub body: Vec<u8>,
    /// What they tell.
    pub kind: Kind,
    /// Whether it comes in its turn.
    pub arrival: Arrival,
}

/// What a delivery tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An eSIM's status changed.
    Status,
    /// A usage report.
    Usage,
    /// The partner's balance.
    Balance,
    /// An affiliate order.
    Order,
    /// A decision about a refund.
    Refund,
    /// A category, type or status that is in no documentation.
    Unheard,
}

/// Whether a delivery comes in its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Arrival {
    /// It does.
    InTurn,
    /// After something that happened later.
    Late,
    /// The same bytes were sent before.
    Repeat,
}
