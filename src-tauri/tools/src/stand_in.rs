//! `stand-in`: Roamify on this computer. Its world of orders and eSIMs evolves with a clock; it tells of it by webhook as
//! Roamify would, answers the API as documented, and fails on demand.
//!
//! For trying a desk out, for tests over real HTTP ([`StandIn`]) and for simulations without any ([`Roamify`]). It
//! listens on this computer only. Of a desk it must know nothing but the address that webhooks go to.
//!
//! `world` is what is true, `letters` and `outbox` what is told and when, `api` what is answered, `faults` what goes wrong;
//! `roamify` is all of these without a clock, `clock` and `server` put it on the network, `admin` is the way to steer it.

mod admin;
mod api;
mod chance;
mod clock;
mod command;
mod faults;
mod letters;
mod outbox;
mod roamify;
mod server;
mod shapes;
mod station;
mod world;

pub use api::{ApiAnswer, ApiRequest, Quirks, listed_status};
pub use clock::WorldClock;
pub use command::{HurryArgs, StandInArgs};
pub use faults::{ApiFault, FaultRule, Faults, Often, PostFault};
pub use letters::{Envelope, Letter, told_when_asked};
pub use outbox::{Outbox, Outcome, PostReport, Sending};
pub use roamify::{Reaction, RequestNote, Roamify};
pub use server::StandIn;
pub use world::{
    BalanceNotice, Change, Commission, DataPlan, Guest, Hurry, Life, Moment, Purchase,
    RefundDecision, TrueEsim, TrueStatus, World, WorldPlan, booking_list,
};
