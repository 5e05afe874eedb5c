//! The questions that the desk answers by itself: each is a call of the method of its name.

use esim_watch_desk::account::Account;
use esim_watch_desk::alert_settings::AlertSettings;
use esim_watch_desk::alerts::{AlertGroup, AlertPage, AlertQuery};
use esim_watch_desk::catch_up::{CaughtUp, TokenSet};
use esim_watch_desk::connection::{Connection, Resent, Trial};
use esim_watch_desk::counts::{HourCount, StatusCount};
use esim_watch_desk::deliveries::{DeliveryDetail, DeliveryPage, DeliveryQuery};
use esim_watch_desk::delivery_proof::{DeliveryProof, ProofSpan};
use esim_watch_desk::esim::EsimDetail;
use esim_watch_desk::esim_list::{EsimFilter, EsimPage, EsimQuery};
use esim_watch_desk::feed::Update;
use esim_watch_desk::health::Refusal;
use esim_watch_desk::imports::{ImportPreview, ImportRow, Reading, UndoneImport};
use esim_watch_desk::preferences::{Language, Look};
use esim_watch_desk::receipts::Receipt;
use esim_watch_desk::retention::Ages;
use esim_watch_desk::seen::SinceSeen;
use esim_watch_desk::timeline::EventRow;
use esim_watch_desk::travellers::{EsimTraveller, Traveller, TravellerPage, TravellerQuery};
use esim_watch_desk::usage::EsimUsage;
use esim_watch_desk::{Answer, Desk};
use tauri::State;

/// Makes commands of the desk's methods of the same names.
macro_rules! questions {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)+) => {
        $(
            $(#[$doc])*
            #[tauri::command]
            #[specta::specta]
            pub async fn $name(desk: State<'_, Desk>, $($argument: $kind),*) -> Answer<$answer> {
                desk.$name($($argument),*).await
            }
        )+
    };
}

questions! {
    /// What the window is to be told next, in order, as soon as there is something; nothing after half a minute
    /// without any. `first` while the window knows nothing: then a snapshot leads.
    updates(first: bool) -> Vec<Update>;

    /// One page of the list of eSIMs.
    esims(query: EsimQuery) -> EsimPage;
    /// The keys of all eSIMs that match, in order: what "select all" means.
    esim_keys(filter: EsimFilter) -> Vec<String>;
    /// One eSIM by its eSIM id or ICCID; null if no event has named it.
    esim(key: String) -> Option<EsimDetail>;
    /// Events of an eSIM after the first `skip`, newest first.
    esim_events(key: String, skip: u32) -> Vec<EventRow>;
    /// Where and when an eSIM used its data; null: no event has named it.
    esim_usage(key: String) -> Option<EsimUsage>;
    /// The raw body of the delivery that brought an event, as text.
    event_payload(id: i64) -> Option<String>;
    /// How many status changes happened in each of these hours since the epoch, by status; the last hour is
    /// included.
    activity(first_hour: i64, last_hour: i64) -> Vec<HourCount>;
    /// How many eSIMs had each status at this time (UTC milliseconds); a status that is not named had none.
    status_counts_at(at_ms: i64) -> Vec<StatusCount>;
    /// What happened since somebody has seen all there was; null: nothing, or that was less than a quarter of an
    /// hour ago.
    since_seen() -> Option<SinceSeen>;
    /// What became of the last so many times in which nobody listened, latest first.
    receipts(most: u32) -> Vec<Receipt>;
    /// Notes that somebody has seen what there is now.
    mark_seen() -> ();

    /// How deliveries reach this desk.
    connection() -> Connection;
    /// Moves the listener to this port and remembers it; also the "try again" after it went down.
    set_port(port: u16) -> Connection;
    /// Remembers the tunnel's public address; null forgets it.
    set_public_url(url: Option<String>) -> Connection;
    /// Stores the signing secret of the provider of that name; it is never given back.
    set_webhook_secret(provider: String, secret: String) -> Connection;
    /// Removes the signing secrets of the provider of that name.
    remove_webhook_secret(provider: String) -> Connection;
    /// Ends a rotation: only the provider's current signing secret is accepted from now on.
    drop_previous_secret(provider: String) -> Connection;
    /// The last deliveries that were turned away, newest first.
    refusals() -> Vec<Refusal>;
    /// Sends a signed test event the whole way round.
    send_test_event() -> Trial;
    /// Tries the token of the provider's API, keeps it and catches up with it; it is never given back. One that the
    /// provider refuses is kept only if it is to be `anyway`.
    set_api_token(token: String, anyway: bool) -> TokenSet;
    /// Forgets the token of the provider's API.
    remove_api_token() -> ();
    /// Asks the provider whether it takes the token; throws why it does not.
    try_api_token() -> ();
    /// Sets how many requests a second the provider is asked for at most, from the next catch-up on.
    set_api_rate(rate: f64) -> ();
    /// Catches up with everything that is due, when what is under way is done.
    catch_up() -> CaughtUp;
    /// Asks the provider for one eSIM, when what is under way is done.
    catch_up_esim(key: String) -> CaughtUp;
    /// Ends the catch-up that is under way; the next one goes on from there.
    cancel_catch_up() -> ();
    /// Whether the program may look for newer versions once a day. If it may, it does so at once.
    set_upgrade_consent(agrees: bool) -> ();
    /// Looks for a newer version now.
    look_for_upgrade() -> ();
    /// Copies the database, brings the newest version and installs it; where a package manager or the user has to do
    /// that, puts its package into the downloads folder.
    install_upgrade() -> ();
    /// Stops bringing a newer version; nothing is left of it.
    stop_upgrade() -> ();
    /// After how many days old content goes.
    retention() -> Ages;
    /// Sets after how many days old content goes, from the next step of the maintenance on.
    set_retention(ages: Ages) -> Ages;

    /// One page of deliveries, newest first.
    deliveries(query: DeliveryQuery) -> DeliveryPage;
    /// One delivery with all that is kept of it; null: there is none.
    delivery(id: i64) -> Option<DeliveryDetail>;
    /// By which way changes of status of a span came to be known, and how late.
    delivery_proof(span: ProofSpan) -> DeliveryProof;
    /// Sends the bytes of a stored delivery through the program again.
    resend_delivery(id: i64) -> Resent;

    /// The traveller of an eSIM, by its key; null: no event has named it.
    esim_traveller(key: String) -> Option<EsimTraveller>;
    /// Sets the traveller of an eSIM, or of its whole order; null removes.
    set_esim_traveller(key: String, of_order: bool, traveller: Option<Traveller>) -> EsimTraveller;
    /// Every tag that some traveller has.
    traveller_tags() -> Vec<String>;
    /// A page of the travellers, by name.
    travellers(query: TravellerQuery) -> TravellerPage;
    /// Reads a booking list and finds whose its lines are; changes nothing. `content`: the file's bytes, or
    /// the pasted text in UTF-8, as base64 (RFC 4648). `source`: the file's name; empty: it was pasted.
    preview_import(source: String, content: String, reading: Reading) -> ImportPreview;
    /// Takes the list over that was looked at last; answers how many travellers it set.
    import_travellers(id: u32) -> u32;
    /// The booking lists that were taken over last, newest first.
    imports() -> Vec<ImportRow>;
    /// Takes an import back, but what somebody has changed since.
    undo_import(id: i64) -> UndoneImport;

    /// The partner's account: balance, orders, refunds.
    account() -> Account;
    /// One page of the inbox.
    alerts(query: AlertQuery) -> AlertPage;
    /// What is new, by rule.
    alert_groups() -> Vec<AlertGroup>;
    /// Takes alerts up, with a note or without.
    acknowledge_alerts(ids: Vec<i64>, note: Option<String>) -> ();
    /// Makes alerts new again.
    reopen_alerts(ids: Vec<i64>) -> ();
    /// Puts alerts off until then (UTC seconds); they are new again and told again.
    snooze_alerts(ids: Vec<i64>, until: i64) -> ();
    /// Holds back the notifications of one eSIM, or no more.
    mute_esim(key: String, muted: bool) -> ();
    /// Whether the notifications of one eSIM are held back.
    esim_muted(key: String) -> bool;
    /// The rules as they are set.
    alert_settings() -> AlertSettings;
    /// Sets the rules; they count at once.
    set_alert_settings(settings: AlertSettings) -> AlertSettings;
    /// Holds notifications back until then (UTC seconds); null: no more.
    mute(until: Option<i64>) -> ();

    /// Stops an export; it leaves no file.
    cancel_export(id: u32) -> ();
    /// Whether everything that the window shows is made up.
    is_demo() -> bool;
    /// How the window looks.
    look() -> Look;
    /// Sets how the window looks, and keeps it.
    set_look(look: Look) -> ();
    /// The system's language, as far as there is a catalogue of it.
    system_language() -> Language;
}
