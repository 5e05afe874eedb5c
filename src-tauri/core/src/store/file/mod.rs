//! A SQLite file and its care: opening it, its schema, its errors, damage, backups.
//!
//! In: the path of a database. Out: connections, copies, errors for the user. Must not know: what a delivery is.

pub(in crate::store) mod as_written;
pub(in crate::store) mod aside;
pub(in crate::store) mod backup;
pub(in crate::store) mod checkpoint;
pub(in crate::store) mod connection;
pub(in crate::store) mod damaged;
pub(in crate::store) mod error;
pub(in crate::store) mod folder;
pub(in crate::store) mod migrate_details;
pub(in crate::store) mod migrate_messages;
pub(in crate::store) mod moved;
pub(in crate::store) mod one_form;
pub(in crate::store) mod refold;
pub(in crate::store) mod schema;
pub(in crate::store) mod suspect;
