//! Every error of the desk in all six languages. A new variant does not compile before it is listed here.

use esim_watch_core::catalogue::{Catalogue, LANGUAGES, Language};
use esim_watch_core::traveller::TravellerError;

use super::*;
use crate::desktop::{NotificationReason, TrayReason};
use crate::export::file::{SheetError, SheetReason};
use crate::export::records::RecordsError;

fn text() -> String {
    "XQ".to_owned()
}

fn desk_errors() -> Vec<Message> {
    fn is_complete(error: &DeskError) {
        match error {
            DeskError::EsimGone
            | DeskError::EsimGoneFromList
            | DeskError::NoEsimId
            | DeskError::NoOrder
            | DeskError::NoProvider
            | DeskError::ImportGone
            | DeskError::ImportOutdated
            | DeskError::ImportUndone
            | DeskError::AlertsNotReady
            | DeskError::WindowReplaced
            | DeskError::Preferences(_)
            | DeskError::Clipboard(_)
            | DeskError::Autostart(_)
            | DeskError::ShowInFolder { .. }
            | DeskError::Internal(_) => {}
        }
    }
    let all = [
        DeskError::EsimGone,
        DeskError::EsimGoneFromList,
        DeskError::NoEsimId,
        DeskError::NoOrder,
        DeskError::NoProvider,
        DeskError::ImportGone,
        DeskError::ImportOutdated,
        DeskError::ImportUndone,
        DeskError::AlertsNotReady,
        DeskError::WindowReplaced,
        DeskError::Preferences(IoReason::DiskFull),
        DeskError::Clipboard(text()),
        DeskError::Autostart(text()),
        DeskError::ShowInFolder {
            path: PathBuf::from("/tmp/x"),
            reason: text(),
        },
        DeskError::Internal(text()),
    ];
    all.iter().for_each(is_complete);
    all.iter().map(ToMessage::to_message).collect()
}

fn notification_reasons() -> Vec<Message> {
    fn is_complete(reason: &NotificationReason) {
        match reason {
            NotificationReason::NoBus
            | NotificationReason::NoServer
            | NotificationReason::NotStarted
            | NotificationReason::Refused(_)
            | NotificationReason::Unreachable(_)
            | NotificationReason::Failed(_)
            | NotificationReason::Ends => {}
        }
    }
    let all = [
        NotificationReason::NoBus,
        NotificationReason::NoServer,
        NotificationReason::NotStarted,
        NotificationReason::Refused(text()),
        NotificationReason::Unreachable(text()),
        NotificationReason::Failed(text()),
        NotificationReason::Ends,
    ];
    all.iter().for_each(is_complete);
    all.iter().map(ToMessage::to_message).collect()
}

fn tray_reasons() -> Vec<Message> {
    fn is_complete(reason: &TrayReason) {
        match reason {
            TrayReason::Failed(_) | TrayReason::Ends => {}
        }
    }
    let all = [TrayReason::Failed(text()), TrayReason::Ends];
    all.iter().for_each(is_complete);
    all.iter().map(ToMessage::to_message).collect()
}

fn exports() -> Vec<Message> {
    fn is_complete(error: &SheetError) {
        match error {
            SheetError::Cancelled
            | SheetError::TooManyRows(_)
            | SheetError::Write {
                reason: SheetReason::Io(_) | SheetReason::TooManyFiles | SheetReason::Other(_),
                ..
            }
            | SheetError::Read(_) => {}
        }
    }
    let write = |reason| SheetError::Write {
        path: PathBuf::from("/tmp/x"),
        reason,
    };
    let all = [
        SheetError::Cancelled,
        SheetError::TooManyRows(2_000_000),
        write(SheetReason::Io(IoReason::DiskFull)),
        write(SheetReason::TooManyFiles),
        write(SheetReason::Other(text())),
        SheetError::Read(esim_watch_core::store::SqliteError::InvalidQuery),
    ];
    all.iter().for_each(is_complete);
    let mut messages: Vec<Message> = all.iter().map(ToMessage::to_message).collect();
    fn all_records(error: &RecordsError) {
        match error {
            RecordsError::Store(_)
            | RecordsError::Sqlite(_)
            | RecordsError::Write(_)
            | RecordsError::Json(_)
            | RecordsError::Csv(_) => {}
        }
    }
    let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
    let records = [
        RecordsError::Store(OpenError::InUse {
            path: PathBuf::from("/tmp/x"),
        }),
        RecordsError::Sqlite(esim_watch_core::store::SqliteError::InvalidQuery),
        RecordsError::Write(full()),
        RecordsError::Json(serde_json::from_str::<u8>("XQ").unwrap_err()),
        RecordsError::Csv(full().into()),
    ];
    records.iter().for_each(all_records);
    messages.extend(records.iter().map(ToMessage::to_message));
    messages
}

#[test]
fn every_error_has_its_words_in_every_language() {
    let all = [
        desk_errors(),
        notification_reasons(),
        tray_reasons(),
        exports(),
    ]
    .concat();
    for message in &all {
        for language in LANGUAGES {
            let text = Catalogue::of(language).text(message);
            assert!(!text.contains(['{', '}']), "{text}");
            assert!(
                language == Language::En || text != message.english(),
                "{text}"
            );
        }
    }
}

#[test]
fn what_is_wrong_with_a_traveller_stands_at_its_field() {
    let error = CommandError::from(EngineError::Traveller(TravellerError::EndsBeforeStart));
    assert_eq!(error.field, Some(TravellerField::TripEnd));
    assert_eq!(error.key, "error.traveller.endsBeforeStart");
}
