//! What is done to the whole store now and then: old age, reading again, looking for what is wrong.

pub(in crate::store) mod check;
pub(in crate::store) mod replay;
pub(in crate::store) mod retention;
