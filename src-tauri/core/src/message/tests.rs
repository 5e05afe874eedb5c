//! Every error that a user can meet, in all six languages. A new variant does not compile before it is listed here.

use std::path::PathBuf;

use super::*;
use crate::alert::{SettingsError, SettingsNumber};
use crate::answer::Refused;
use crate::booking::BookingError;
use crate::catalogue::{Catalogue, LANGUAGES, Language};
use crate::engine::{EngineError, FixedSetting, TestProblem, TunnelReason, UrlError};
use crate::event::Problem;
use crate::inbox::InboxError;
use crate::ingest::IngestError;
use crate::io_reason::IoReason;
use crate::listener::ListenError;
use crate::place::UnsafePlace;
use crate::provider::{ApiError, Asking, Distrust, JsonType, Unreadable};
use crate::secret::{EnvironmentError, KeyringReason, UnusableSecret, VaultError};
use crate::store::{
    AgesError, BackupError, Damage, FolderReason, OpenError, SettingsFrom, SqliteReason,
    StoreNotice, WriteError,
};
use crate::traveller::{TravellerError, TravellerField};

/// One value of each variant. The match that names them has no arm for others.
macro_rules! every {
    ($of:ty: $($pattern:pat => [$($value:expr),+ $(,)?],)+) => {{
        fn _is_complete(value: &$of) {
            match value {
                $($pattern => {})+
            }
        }
        let values: Vec<$of> = vec![$($($value),+),+];
        values.iter().map(ToMessage::to_message).collect::<Vec<Message>>()
    }};
}

mod upgrades;

fn path() -> PathBuf {
    PathBuf::from("/tmp/x")
}

fn sqlite() -> rusqlite::Error {
    rusqlite::Error::InvalidQuery
}

fn reasons() -> Vec<Message> {
    let mut all = every!(IoReason:
        IoReason::FileInTheWay => [IoReason::FileInTheWay],
        IoReason::FolderInTheWay => [IoReason::FolderInTheWay],
        IoReason::NoFile => [IoReason::NoFile],
        IoReason::NotFound => [IoReason::NotFound],
        IoReason::NotAllowed => [IoReason::NotAllowed],
        IoReason::ReadOnly => [IoReason::ReadOnly],
        IoReason::DiskFull => [IoReason::DiskFull],
        IoReason::TooLarge => [IoReason::TooLarge],
        IoReason::DiskFails => [IoReason::DiskFails],
        IoReason::NotEmpty => [IoReason::NotEmpty],
        IoReason::OtherDisk => [IoReason::OtherDisk],
        IoReason::Name => [IoReason::Name],
        IoReason::FolderGone => [IoReason::FolderGone],
        IoReason::Busy => [IoReason::Busy],
        IoReason::BusyBy(_) => [IoReason::BusyBy("XQ".to_owned())],
        IoReason::Content => [IoReason::Content],
        IoReason::TooManyFiles => [IoReason::TooManyFiles],
        IoReason::Address => [IoReason::Address],
        IoReason::AddressTaken => [IoReason::AddressTaken],
        IoReason::Refused => [IoReason::Refused],
        IoReason::BrokenOff => [IoReason::BrokenOff],
        IoReason::Unreachable => [IoReason::Unreachable],
        IoReason::TooSlow => [IoReason::TooSlow],
        IoReason::Interrupted => [IoReason::Interrupted],
        IoReason::Memory => [IoReason::Memory],
        IoReason::Unsupported => [IoReason::Unsupported],
        IoReason::Other(_) => [IoReason::Other("XQ".to_owned())],
    );
    all.extend(every!(SqliteReason:
        SqliteReason::DiskFull => [SqliteReason::DiskFull],
        SqliteReason::Locked => [SqliteReason::Locked],
        SqliteReason::ReadOnly => [SqliteReason::ReadOnly],
        SqliteReason::NotOpened => [SqliteReason::NotOpened],
        SqliteReason::DiskFails => [SqliteReason::DiskFails],
        SqliteReason::Memory => [SqliteReason::Memory],
        SqliteReason::Other(_) => [SqliteReason::Other("XQ".to_owned())],
    ));
    all.extend(every!(FolderReason:
        FolderReason::Io(_) => [FolderReason::Io(IoReason::Busy)],
        FolderReason::Sqlite(_) => [FolderReason::Sqlite(SqliteReason::NotOpened)],
    ));
    all.extend(every!(Damage:
        Damage::Sqlite(_) => [Damage::Sqlite("XQ".to_owned())],
        Damage::OnlyLog => [Damage::OnlyLog],
        Damage::Missing(_) => [Damage::Missing("XQ.YZ".to_owned())],
        Damage::Format(_) => [Damage::Format(-3)],
        Damage::Header => [Damage::Header],
        Damage::Dangling { .. } => [Damage::Dangling { table: "XQ".to_owned(), parent: "YZ".to_owned() }],
    ));
    all.extend(every!(KeyringReason:
        KeyringReason::None => [KeyringReason::None],
        KeyringReason::NoService(_) => [KeyringReason::NoService("XQ".to_owned())],
        KeyringReason::TooSlow => [KeyringReason::TooSlow],
        KeyringReason::Other(_) => [KeyringReason::Other("XQ".to_owned())],
    ));
    all.extend(every!(TunnelReason:
        TunnelReason::Stranger(_) => [TunnelReason::Stranger(502)],
        TunnelReason::TooSlow => [TunnelReason::TooSlow],
        TunnelReason::Unreachable => [TunnelReason::Unreachable],
        TunnelReason::Unreadable => [TunnelReason::Unreadable],
    ));
    all
}

fn of_the_store() -> Vec<Message> {
    let io = || IoReason::Busy;
    let mut all = every!(OpenError:
        OpenError::Folder { .. } => [OpenError::Folder { path: path(), reason: io().into() }],
        OpenError::InUse { .. } => [OpenError::InUse { path: path() }],
        OpenError::Missing { .. } => [OpenError::Missing { path: path() }],
        OpenError::Newer { .. } => [OpenError::Newer { found: 9, known: 8 }],
        OpenError::Older { .. } => [OpenError::Older { path: path(), found: 7, known: 8 }],
        OpenError::Foreign { .. } => [OpenError::Foreign { path: path() }],
        OpenError::NoFile { .. } => [OpenError::NoFile { path: path(), reason: io() }],
        OpenError::Damaged { .. } => [OpenError::Damaged { path: path(), damage: Damage::Header }],
        OpenError::Stuck { .. } => [OpenError::Stuck { path: path(), reason: io() }],
        OpenError::Full { .. } => [OpenError::Full { path: path() }],
        OpenError::Locked { .. } => [OpenError::Locked { path: path() }],
        OpenError::Sqlite(_) => [OpenError::Sqlite(sqlite())],
    );
    all.extend(every!(WriteError:
        WriteError::Sqlite(_) => [WriteError::Sqlite(SqliteReason::Locked)],
        WriteError::Damaged(_) => [WriteError::Damaged(Damage::Header)],
        WriteError::Gone => [WriteError::Gone],
        WriteError::TooSlow => [WriteError::TooSlow],
        WriteError::Closed => [WriteError::Closed],
    ));
    all.extend(every!(BackupError:
        BackupError::File { .. } => [BackupError::File { path: path(), reason: io() }],
        BackupError::NotOurs { .. } => [BackupError::NotOurs { path: path() }],
        BackupError::Damaged { .. } => [BackupError::Damaged { path: path(), damage: Damage::Header }],
        BackupError::Open(_) => [BackupError::Open(OpenError::InUse { path: path() })],
        BackupError::Sqlite(_) => [BackupError::Sqlite(sqlite())],
        BackupError::Stopped => [BackupError::Stopped],
    ));
    all.extend(every!(AgesError:
        AgesError::Bodies(_) => [AgesError::Bodies(3)],
        AgesError::Usage(_) => [AgesError::Usage(3)],
    ));
    let from = || SettingsFrom::Damaged("x.db".to_owned());
    let damaged = |settings, has_backups| StoreNotice::Damaged {
        damage: Damage::OnlyLog,
        kept: "y.db".to_owned(),
        settings,
        has_backups,
    };
    all.extend(every!(StoreNotice:
        StoreNotice::Missing { .. } => [StoreNotice::Missing { from: from() }],
        StoreNotice::Damaged { .. } => [damaged(None, true), damaged(Some(from()), false)],
    ));
    all.extend(every!(UnsafePlace:
        UnsafePlace::Synchronised { .. } => [UnsafePlace::Synchronised { path: path(), service: "Dropbox" }],
        UnsafePlace::Network { .. } => [UnsafePlace::Network { path: path() }],
    ));
    all.extend(every!(SettingsFrom:
        SettingsFrom::Backup(_) => [SettingsFrom::Backup("x.db".to_owned())],
        SettingsFrom::Damaged(_) => [from()],
    ));
    all
}

fn of_the_engine() -> Vec<Message> {
    let mut all = every!(EngineError:
        EngineError::NoDataDir => [EngineError::NoDataDir],
        EngineError::Store(_) => [EngineError::Store(OpenError::InUse { path: path() })],
        EngineError::Write(_) => [EngineError::Write(WriteError::Gone)],
        EngineError::HalfWritten(_) => [EngineError::HalfWritten(WriteError::Gone)],
        EngineError::Ages(_) => [EngineError::Ages(AgesError::Usage(3))],
        EngineError::Traveller(_) => [EngineError::Traveller(TravellerError::TooManyTags)],
        EngineError::Inbox(_) => [EngineError::Inbox(InboxError::Write(WriteError::Gone))],
        EngineError::Vault(_) => [EngineError::Vault(VaultError::Gone)],
        EngineError::Secret(_) => [EngineError::Secret(UnusableSecret::Blank)],
        EngineError::Environment(_) => [EngineError::Environment(EnvironmentError::OnlyPrevious { name: "XQ".to_owned(), previous: "XQ".to_owned() })],
        EngineError::Random(_) => [EngineError::Random("XQ".to_owned())],
        EngineError::Listen(_) => [EngineError::Listen(ListenError::PortTaken(80))],
        EngineError::Url(_) => [EngineError::Url(UrlError::NotHttps)],
        EngineError::Api(_) => [EngineError::Api(ApiError::Refused)],
        EngineError::Rate(_) => [EngineError::Rate(0.05)],
        EngineError::Fixed(FixedSetting::Port) => [EngineError::Fixed(FixedSetting::Port)],
        EngineError::Fixed(FixedSetting::Secret) => [EngineError::Fixed(FixedSetting::Secret)],
        EngineError::Fixed(FixedSetting::ApiToken) => [EngineError::Fixed(FixedSetting::ApiToken)],
        EngineError::Fixed(FixedSetting::ApiRate) => [EngineError::Fixed(FixedSetting::ApiRate)],
    );
    all.extend(every!(ListenError:
        ListenError::PortTaken(_) => [ListenError::PortTaken(80)],
        ListenError::NotAllowed(_) => [ListenError::NotAllowed(80)],
        ListenError::Other { .. } => [ListenError::Other { port: 80, reason: IoReason::Address }],
    ));
    all.extend(every!(UrlError:
        UrlError::NotAnAddress(_) => [UrlError::NotAnAddress("XQ".to_owned())],
        UrlError::NotHttps => [UrlError::NotHttps],
        UrlError::Blank(_) => [UrlError::Blank("XQ".to_owned())],
        UrlError::Fragment => [UrlError::Fragment],
        UrlError::User => [UrlError::User],
        UrlError::Port(_) => [UrlError::Port("XQ".to_owned())],
        UrlError::Private(_) => [UrlError::Private("XQ".to_owned())],
    ));
    all.extend(every!(UnusableSecret:
        UnusableSecret::Blank => [UnusableSecret::Blank],
        UnusableSecret::SeveralLines => [UnusableSecret::SeveralLines],
        UnusableSecret::NotText => [UnusableSecret::NotText],
        UnusableSecret::NotToken => [UnusableSecret::NotToken],
        UnusableSecret::Hidden => [UnusableSecret::Hidden],
        UnusableSecret::Address => [UnusableSecret::Address],
    ));
    all.extend(every!(EnvironmentError:
        EnvironmentError::Unusable { .. } => [EnvironmentError::Unusable { name: "XQ".to_owned(), reason: UnusableSecret::Blank }],
        EnvironmentError::OnlyPrevious { .. } => [EnvironmentError::OnlyPrevious { name: "XQ".to_owned(), previous: "XQ".to_owned() }],
        EnvironmentError::Gone { .. } => [EnvironmentError::Gone { name: "XQ".to_owned() }],
    ));
    all.extend(every!(VaultError:
        VaultError::File { .. } => [VaultError::File { path: path(), reason: IoReason::Busy }],
        VaultError::Gone => [VaultError::Gone],
        VaultError::Keyring(_) => [VaultError::Keyring(KeyringReason::None)],
        VaultError::Unknown(_) => [VaultError::Unknown(KeyringReason::TooSlow)],
    ));
    all.extend(every!(InboxError:
        InboxError::Read(_) => [InboxError::Read(OpenError::InUse { path: path() }.to_message())],
        InboxError::Write(_) => [InboxError::Write(WriteError::Gone)],
    ));
    all.extend(every!(IngestError:
        IngestError::Unreadable(_) => [IngestError::Unreadable(Refused::Method)],
        IngestError::NotStored(_) => [IngestError::NotStored(WriteError::Gone)],
    ));
    all.extend(every!(TestProblem:
        TestProblem::Deaf(_) => [TestProblem::Deaf(Message::of("listener.starting"))],
        TestProblem::Offline(_) => [TestProblem::Offline("XQ".to_owned())],
        TestProblem::Stranger => [TestProblem::Stranger],
        TestProblem::Secret => [TestProblem::Secret],
        TestProblem::Elsewhere => [TestProblem::Elsewhere],
        TestProblem::Tunnel => [TestProblem::Tunnel],
        TestProblem::NotStored => [TestProblem::NotStored],
        TestProblem::Status(_) => [TestProblem::Status(418)],
        TestProblem::TooSlow(_) => [TestProblem::TooSlow(10)],
        TestProblem::Unreachable => [TestProblem::Unreachable],
        TestProblem::Port => [TestProblem::Port],
    ));
    all.push(Message::of("listener.starting"));
    all.push(
        Message::of("store.failing")
            .with("provider", "Roamify")
            .with("reason", WriteError::Gone.to_message()),
    );
    all.push(
        Message::of("tunnel.notHere")
            .with("address", "https://a.example")
            .with("reason", TunnelReason::TooSlow.to_message()),
    );
    all
}

fn of_the_api() -> Vec<Message> {
    let text = || "XQ".to_owned();
    let what = Asking::Esims;
    let mut all = every!(ApiError:
        ApiError::NoToken => [ApiError::NoToken],
        ApiError::Token(_) => [ApiError::Token(UnusableSecret::NotText)],
        ApiError::Refused => [ApiError::Refused],
        ApiError::Address(_) => [ApiError::Address(text())],
        ApiError::Rate(_) => [ApiError::Rate(text())],
        ApiError::Unusable(_) => [ApiError::Unusable(text())],
        ApiError::NotAllowed(_) => [ApiError::NotAllowed(what)],
        ApiError::NotFound(_) => [ApiError::NotFound(what)],
        ApiError::NotTaken(..) => [ApiError::NotTaken(what, 422)],
        ApiError::Failing(..) => [ApiError::Failing(what, 500), ApiError::Failing(what, 200)],
        ApiError::TooOften(_) => [ApiError::TooOften(what)],
        ApiError::Later(_) => [
            ApiError::Later(7),
            ApiError::Later(70),
            ApiError::Later(7_000),
            ApiError::Later(80_000),
            ApiError::Later(700_000),
            ApiError::Later(7_000_000),
        ],
        ApiError::Stranger(_) => [ApiError::Stranger(what)],
        ApiError::Unreadable(_) => [ApiError::Unreadable(what)],
        ApiError::TooSlow(_) => [ApiError::TooSlow(what)],
        ApiError::BrokenOff(_) => [ApiError::BrokenOff(what)],
        ApiError::TooLong(_) => [ApiError::TooLong(what)],
        ApiError::Unreachable => [ApiError::Unreachable],
        ApiError::Distrusted(_) => [
            ApiError::Distrusted(Distrust::Dates),
            ApiError::Distrusted(Distrust::Certificate),
            ApiError::Distrusted(Distrust::Unsecured),
        ],
        ApiError::Cut(_) => [ApiError::Cut(what)],
        ApiError::Incomplete(_) => [ApiError::Incomplete(what)],
        ApiError::Unordered(_) => [ApiError::Unordered(1), ApiError::Unordered(60)],
        ApiError::Unlisted => [ApiError::Unlisted],
        ApiError::ToCome => [ApiError::ToCome],
        ApiError::OtherAccount => [ApiError::OtherAccount],
        ApiError::Vanished(_) => [ApiError::Vanished(vec![text()])],
    );
    all.extend(every!(Asking:
        Asking::Esims => [Asking::Esims],
        Asking::Orders => [Asking::Orders],
        Asking::Esim => [Asking::Esim],
        Asking::History => [Asking::History],
        Asking::Usage => [Asking::Usage],
        Asking::Balance => [Asking::Balance],
    ));
    let because =
        |key: &str, reason: &dyn ToMessage| Message::of(key).with("reason", reason.to_message());
    all.push(because("catchUp.notStored", &WriteError::Gone));
    all.push(because("catchUp.gaveUp", &ApiError::TooSlow(what)));
    let failing = ApiError::TooSlow(what).to_message();
    let concerns = Message::of("catchUp.concerns").with("problem", failing);
    all.push(concerns.with("esims", text()));
    all.push(Message::of("catchUp.cancelled"));
    all.push(Message::of("catchUp.brokeOff"));
    all.push(Message::of("catchUp.goesOn"));
    all.push(Message::of("catchUp.noAnswer"));
    all
}

fn of_what_somebody_typed() -> Vec<Message> {
    let mut all = every!(SettingsError:
        SettingsError::OutOfBounds(SettingsNumber::ExpiresSoonHours) => [SettingsError::OutOfBounds(SettingsNumber::ExpiresSoonHours)],
        SettingsError::OutOfBounds(SettingsNumber::ExpiresVerySoonHours) => [SettingsError::OutOfBounds(SettingsNumber::ExpiresVerySoonHours)],
        SettingsError::OutOfBounds(SettingsNumber::DataLowPercent) => [SettingsError::OutOfBounds(SettingsNumber::DataLowPercent)],
        SettingsError::OutOfBounds(SettingsNumber::NotInstalledHours) => [SettingsError::OutOfBounds(SettingsNumber::NotInstalledHours)],
        SettingsError::OutOfBounds(SettingsNumber::NotInstalledDays) => [SettingsError::OutOfBounds(SettingsNumber::NotInstalledDays)],
        SettingsError::OutOfBounds(SettingsNumber::NoEventHours) => [SettingsError::OutOfBounds(SettingsNumber::NoEventHours)],
        SettingsError::OutOfBounds(SettingsNumber::RefusalsPerHour) => [SettingsError::OutOfBounds(SettingsNumber::RefusalsPerHour)],
        SettingsError::VerySoonBeforeSoon => [SettingsError::VerySoonBeforeSoon],
        SettingsError::Quiet => [SettingsError::Quiet],
    );
    let long = |field| TravellerError::TooLong { most: 200, field };
    all.extend(every!(TravellerError:
        TravellerError::TooLong { field: TravellerField::Name, .. } => [long(TravellerField::Name)],
        TravellerError::TooLong { field: TravellerField::Contact, .. } => [long(TravellerField::Contact)],
        TravellerError::TooLong { field: TravellerField::TripStart, .. } => [long(TravellerField::TripStart)],
        TravellerError::TooLong { field: TravellerField::TripEnd, .. } => [long(TravellerField::TripEnd)],
        TravellerError::TooLong { field: TravellerField::Note, .. } => [long(TravellerField::Note)],
        TravellerError::TooLong { field: TravellerField::Tags, .. } => [long(TravellerField::Tags)],
        TravellerError::NoDay(..) => [TravellerError::NoDay("XQ".to_owned(), TravellerField::TripStart)],
        TravellerError::EndsBeforeStart => [TravellerError::EndsBeforeStart],
        TravellerError::TooManyTags => [TravellerError::TooManyTags],
    ));
    all.extend(every!(BookingError:
        BookingError::TooLarge => [BookingError::TooLarge],
        BookingError::TooLong => [BookingError::TooLong],
        BookingError::Oversized => [BookingError::Oversized],
        BookingError::TooManyCells => [BookingError::TooManyCells],
        BookingError::Outside => [BookingError::Outside],
        BookingError::Empty => [BookingError::Empty],
        BookingError::Foreign => [BookingError::Foreign],
        BookingError::WebPage => [BookingError::WebPage],
        BookingError::Password => [BookingError::Password],
        BookingError::Broken(_) => [BookingError::Broken("XQ".to_owned())],
    ));
    all
}

fn of_deliveries() -> Vec<Message> {
    let text = || "XQ".to_owned();
    let (header, provider) = ("X-Some-Signature", "Roamify");
    let mut all = every!(Unreadable:
        Unreadable::Empty => [Unreadable::Empty],
        Unreadable::NotJson(_) => [Unreadable::NotJson(text())],
        Unreadable::NotAnObject(_) => [Unreadable::NotAnObject(JsonType::List)],
        Unreadable::ContentType(_) => [Unreadable::ContentType("text/xml".to_owned())],
        Unreadable::ContentEncoding(_) => [Unreadable::ContentEncoding("gzip".to_owned())],
    );
    all.extend(every!(JsonType:
        JsonType::List => [JsonType::List],
        JsonType::Text => [JsonType::Text],
        JsonType::Boolean => [JsonType::Boolean],
        JsonType::Null => [JsonType::Null],
        JsonType::Number => [JsonType::Number],
    ));
    all.extend(every!(Refused:
        Refused::Path => [Refused::Path],
        Refused::Method => [Refused::Method],
        Refused::TooLarge(_) => [Refused::TooLarge(256)],
        Refused::TooSlow => [Refused::TooSlow],
        Refused::BrokenOff => [Refused::BrokenOff],
        Refused::Busy => [Refused::Busy],
        Refused::NoSignature { .. } => [Refused::NoSignature { header, provider }],
        Refused::WrongSignature { .. } => [Refused::WrongSignature { header, provider }],
        Refused::Unreadable(_) => [Refused::Unreadable(Unreadable::Empty)],
        Refused::NotStored => [Refused::NotStored],
    ));
    all.extend(every!(Problem:
        Problem::NoCategory => [Problem::NoCategory],
        Problem::UnknownCategory(_) => [Problem::UnknownCategory(text())],
        Problem::NoType => [Problem::NoType],
        Problem::UnknownType(_) => [Problem::UnknownType(text())],
        Problem::NoTime => [Problem::NoTime],
        Problem::UnreadableTime => [Problem::UnreadableTime],
        Problem::NoEsim => [Problem::NoEsim],
        Problem::NoStatus => [Problem::NoStatus],
        Problem::UnknownStatus(_) => [Problem::UnknownStatus(text())],
        Problem::NoBalance => [Problem::NoBalance],
        Problem::FutureTime => [Problem::FutureTime],
        Problem::PastTime => [Problem::PastTime],
        Problem::DamagedIccid => [Problem::DamagedIccid],
        Problem::Noted(_) => [Problem::Noted(text())],
    ));
    all
}

/// Keys and places that are left over in a text, or words of ours that are English where another language is meant.
fn wrong(message: &Message, language: Language) -> Option<String> {
    let text = Catalogue::of(language).text(message);
    let left_over = text.contains(['{', '}']) || text.contains(&message.key);
    let without_values = text.is_empty() || text.contains("  ");
    let untranslated = language != Language::En
        && message.key != "reason.quoted"
        && text == message.english()
        && text.contains(' ');
    (left_over || without_values || untranslated).then_some(format!("{language:?}: {text}"))
}

/// A sentence that does not end as one, or a part of one that does.
fn unended(message: &Message, language: Language) -> Option<String> {
    let english = Catalogue::of(Language::En);
    let begins = english.pattern(&message.key)?.chars().next()?;
    let ends = |text: &str| text.ends_with(['.', '!', '?']);
    let words = english.text(message);
    // One that begins with a name, or ends with a quotation, may be either.
    let is_either = !begins.is_alphabetic() || words.ends_with('”');
    let is_sentence = match is_either {
        true => ends(&words),
        false => begins.is_uppercase(),
    };
    let text = Catalogue::of(language).text(message);
    (text.contains("..") || ends(&text) != is_sentence).then_some(format!("{language:?}: {text}"))
}

#[test]
fn every_error_has_its_words_in_every_language() {
    let mut all = reasons();
    all.extend(of_the_store());
    all.extend(of_the_engine());
    all.extend(of_the_api());
    all.extend(upgrades::all());
    all.extend(of_what_somebody_typed());
    all.extend(of_deliveries());
    for message in &all {
        for language in LANGUAGES {
            assert_eq!(wrong(message, language), None, "{message:?}");
            assert_eq!(missing(message, language), None, "{message:?}");
            assert_eq!(unended(message, language), None, "{message:?}");
        }
    }
}

/// A place of the text that the message has no value for, or a value that the text has no place for.
fn missing(message: &Message, language: Language) -> Option<String> {
    let pattern = Catalogue::of(language).pattern(&message.key)?;
    let named = |name: &str| {
        pattern.contains(&format!("{{{name}}}")) || pattern.contains(&format!("{{{name},"))
    };
    let unused = message.values.keys().find(|name| !named(name)).cloned();
    let places = pattern
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split(['}', ',']).next())
        .find(|place| !place.contains(' ') && !message.values.contains_key(*place));
    let inner = message.values.values().find_map(|value| match value {
        MessageValue::Message(inner) => missing(inner, language),
        _ => None,
    });
    unused.or(places.map(str::to_owned)).or(inner)
}

#[test]
fn a_message_is_the_same_after_it_was_kept() {
    let message = Message::of("alert.dataLow.share")
        .with("number", Message::of("alert.theEsim"))
        .with("left", MessageValue::Megabytes(12.5))
        .with("share", MessageValue::Percent(7.0))
        .with(
            "when",
            MessageValue::Time {
                at: 7,
                form: TimeForm::Since,
            },
        )
        .with("count", 3_i64)
        .with(
            "balance",
            MessageValue::Money {
                amount: 5.0,
                currency: Some("EUR".to_owned()),
            },
        );
    let kept = serde_json::to_string(&message).unwrap();
    assert_eq!(serde_json::from_str::<Message>(&kept).unwrap(), message);
}
