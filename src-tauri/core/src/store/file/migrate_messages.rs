//! Turns the English sentences that earlier versions kept in the details of alerts into messages, once, within the
//! transaction of the tenth migration. An alert's identity (subject, rule, occasion) and state are not touched, so none
//! is raised or told again.
//!
//! The sentences stand here as those versions wrote them, and may never change, whatever the catalogue says today.

use rusqlite::{Connection, params};
use serde_json::{Map, Value};

use crate::event::Problem;
use crate::message::{Message, ToMessage};

/// How many rows are held in memory.
const BATCH_ROWS: i64 = 200;

/// Whole sentences, and the clauses that stand in their places. A later one never fits what an earlier one is for.
const SENTENCES: &[(&str, &str)] = &[
    (
        "error.port.taken",
        "Port {port} is already used by another program. Choose another port, or close that program and try again.",
    ),
    (
        "error.port.forbidden",
        "The system does not allow port {port}. Choose one between 1024 and 49151.",
    ),
    (
        "error.port.failed",
        "Port {port} can't be opened: {reason}. Choose another port.",
    ),
    ("listener.starting", "The listener is starting."),
    (
        "error.secret.file",
        "The signing secret in {path} can't be read or written: {reason}. Allow this user to use the file.",
    ),
    (
        "error.secret.gone",
        "The signing secret that was set is no longer where it was kept. Set it anew, or remove it.",
    ),
    (
        "error.secret.keyring",
        "The signing secret is in the system's keyring, which can't be opened: {reason}. Unlock the keyring and try again, or set the secret anew.",
    ),
    (
        "error.database.locked",
        "Another program holds the database in {path}. Close it and start again.",
    ),
    (
        "error.database.full",
        "The disk that holds {path} is full. Make room on it and start again.",
    ),
    (
        "error.database.notOpened",
        "The database could not be opened: {reason}.",
    ),
    (
        "tunnel.notHere",
        "{address} does not lead to this desk: {reason}.",
    ),
    (
        "store.failing",
        "Events can't be stored, and {provider} was asked to send them again: {reason}.",
    ),
    ("refusal.method", "Deliveries must be sent with POST."),
    ("refusal.tooLarge", "The body is larger than {size} kB."),
    ("refusal.tooSlow", "The body did not arrive in time."),
    ("refusal.brokenOff", "The body broke off before its end."),
    (
        "refusal.noSignature",
        "The {header} header is missing. Set the same signing secret in {provider}'s portal and in eSIM Watch.",
    ),
    (
        "refusal.wrongSignature",
        "The {header} header does not fit the body. The signing secret in {provider}'s portal and the one in eSIM Watch differ.",
    ),
    ("refusal.empty", "The body is not valid JSON: it is empty."),
    ("refusal.notJson", "The body is not valid JSON: {reason}."),
    (
        "refusal.notAnObject",
        "The body must be a JSON object, but it is {kind}.",
    ),
    (
        "refusal.contentType",
        "The content type is “{kind}”; deliveries must be application/json.",
    ),
    (
        "refusal.notStored",
        "The event could not be stored. Send it again.",
    ),
];

/// What stood for `{reason}` and `{kind}`.
const CLAUSES: &[(&str, &str)] = &[
    (
        "error.write.refused",
        "the database can't be written: {reason}. Check that the disk has free space and that no other program holds the database",
    ),
    (
        "error.write.damaged",
        "the database is damaged: {reason}. Restart eSIM Watch: it keeps the damaged file and starts a new one. Then restore the newest backup",
    ),
    (
        "error.write.gone",
        "the database was moved or deleted while eSIM Watch was running. Put it back, or restart eSIM Watch: it saves what it still has",
    ),
    ("error.write.tooSlow", "it did not take the event in time"),
    ("error.write.closed", "the store is closed"),
    (
        "tunnel.reason.stranger",
        "something else answered there, with status {status}",
    ),
    ("tunnel.reason.tooSlow", "nothing answered in time"),
    (
        "tunnel.reason.unreachable",
        "nothing could be reached there",
    ),
    ("tunnel.reason.unreadable", "the answer could not be read"),
    ("keyring.reason.none", "this session has none"),
    ("keyring.reason.tooSlow", "it did not answer in time"),
    ("io.reason.fileInTheWay", "a file is in the way"),
    ("io.reason.folderInTheWay", "a folder is in the way"),
    ("io.reason.notFound", "it does not exist"),
    ("io.reason.notAllowed", "this user is not allowed to"),
    ("io.reason.readOnly", "the disk can only be read"),
    ("io.reason.diskFull", "the disk is full"),
    (
        "io.reason.address",
        "this computer does not have that address",
    ),
    ("sqlite.reason.locked", "database is locked"),
    ("io.reason.diskFull", "database or disk is full"),
    ("io.reason.diskFails", "disk I/O error"),
    (
        "sqlite.reason.readOnly",
        "attempt to write a readonly database",
    ),
    ("sqlite.reason.notOpened", "unable to open database file"),
    ("json.list", "a list"),
    ("json.text", "a text"),
    ("json.boolean", "true or false"),
    ("json.null", "null"),
    ("json.number", "a number"),
];

/// Rewrites all of them.
pub(in crate::store) fn rewrite(tx: &Connection) -> rusqlite::Result<()> {
    let mut rows = tx.prepare(
        "SELECT id, rule, detail FROM alerts WHERE id > ?1 AND rule IN
             ('unrecognized', 'listener_down', 'tunnel_down', 'storage_failing', 'refusals_piling_up')
         ORDER BY id LIMIT ?2",
    )?;
    let mut write = tx.prepare("UPDATE alerts SET detail = ?2 WHERE id = ?1")?;
    let mut seen = 0;
    loop {
        let batch: Vec<(i64, String, String)> = rows
            .query_map([seen, BATCH_ROWS], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect::<Result<_, _>>()?;
        let Some((last, ..)) = batch.last() else {
            return Ok(());
        };
        seen = *last;
        for (id, rule, detail) in batch {
            if let Some(detail) = rewritten(&rule, &detail) {
                write.execute(params![id, detail])?;
            }
        }
    }
}

/// The same detail with a message for its sentence; `None`: it has none.
fn rewritten(rule: &str, detail: &str) -> Option<String> {
    // What can't be read was written by nobody and says nothing.
    let mut detail: Map<String, Value> = serde_json::from_str(detail).ok()?;
    let Some(Value::String(sentence)) = detail.remove("reason") else {
        return None;
    };
    let why = match rule {
        "unrecognized" => Problem::from_sentence(&sentence).to_message(),
        _ => message_of(&sentence),
    };
    detail.insert("why".to_owned(), serde_json::to_value(why).ok()?);
    serde_json::to_string(&detail).ok()
}

fn message_of(sentence: &str) -> Message {
    found(SENTENCES, sentence).unwrap_or_else(|| Problem::Noted(sentence.to_owned()).to_message())
}

fn found(known: &[(&str, &str)], text: &str) -> Option<Message> {
    known.iter().find_map(|(key, shape)| {
        let message = places(shape, text)?.into_iter();
        Some(
            message.fold(Message::of(*key), |message, (name, value)| match name {
                "reason" | "kind" => {
                    let inner = found(CLAUSES, value);
                    match (inner, name) {
                        (Some(inner), _) => message.with(name, inner),
                        (None, "reason") => message.with(name, Message::quoted(value)),
                        (None, _) => message.with(name, value),
                    }
                }
                _ => message.with(name, value),
            }),
        )
    })
}

/// What stands in the places of a shape; `None`: the text has another one.
fn places<'s, 't>(shape: &'s str, text: &'t str) -> Option<Vec<(&'s str, &'t str)>> {
    let mut parts = shape.split('{');
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    for part in parts {
        let (name, after) = part.split_once('}')?;
        let end = if after.is_empty() {
            rest.len()
        } else if shape.ends_with(part) {
            rest.len().checked_sub(after.len())?
        } else {
            rest.find(after)?
        };
        let value = rest.get(..end)?;
        rest = rest.get(end..)?.strip_prefix(after)?;
        found.push((name, value));
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests;
