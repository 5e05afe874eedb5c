//! What Roamify tells of a world by webhook: which letters there are, and how each is written.
//!
//! A letter is small and knows where its content is; its bytes are written when it leaves. Knows no HTTP.

use esim_watch_core::event::{EventKind, Status};

use super::shapes::{days_used, figure, or_endless};
use super::world::{BalanceNotice, CURRENCY, Change, Commission, Life, Moment, THRESHOLD, World};
use crate::identity::Identity;
use crate::wire::{Fields, Json, Style};

/// Which of the two envelopes letters come in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Envelope {
    /// Everything but the kind under `data`, as it is documented now.
    #[default]
    Nested,
    /// All fields side by side, as in the older documentation.
    Flat,
    /// Now one, now the other.
    Both,
}

/// One thing to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// When it happens, and the first telling leaves; UTC seconds.
    pub at: i64,
    /// Of which eSIM, by number; `None`: of the account.
    pub esim: Option<usize>,
    content: Content,
}

/// Where in the world its content is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Moment(usize, usize),
    Balance(usize),
    Commission(usize),
    Refund(usize),
}

/// Every letter of a world from its beginning on, in the order of time.
#[must_use]
pub fn letters(world: &World) -> Vec<Letter> {
    let mut all = Vec::new();
    let mut add = |at: i64, esim: Option<usize>, content: Content| {
        if at >= world.plan().begin {
            all.push(Letter { at, esim, content });
        }
    };
    for (number, life) in world.lives().iter().enumerate() {
        for (place, moment) in life.moments.iter().enumerate() {
            if moment.by_webhook {
                add(moment.at, Some(number), Content::Moment(number, place));
            }
        }
    }
    let purse = world.purse();
    for (place, notice) in purse.notices.iter().enumerate() {
        add(notice.at, None, Content::Balance(place));
    }
    for (place, commission) in purse.commissions.iter().enumerate() {
        add(commission.at, None, Content::Commission(place));
    }
    for (place, refund) in purse.refunds.iter().enumerate() {
        add(refund.at, Some(refund.esim), Content::Refund(place));
    }
    all.sort_by_key(|letter| letter.at);
    all
}

/// What had happened to each eSIM before the world began to tell, as it is written when somebody asks: its statuses, and what was
/// read of its data last.
pub fn told_when_asked(world: &World) -> impl Iterator<Item = Vec<Vec<u8>>> {
    let begin = world.plan().begin;
    let known = world.lives().iter().filter(move |life| life.exists(begin));
    known.map(move |life| {
        let is_usage = |moment: &&Moment| moment.change == Change::Usage;
        let read = life.past(begin).rev().find(is_usage);
        let statuses = life.past(begin).filter(|moment| !is_usage(moment));
        let bodies = statuses.chain(read).map(|moment| {
            let Written { kind, id, fields } = tell(life, moment);
            let (category, name) = kind.as_parts();
            Style::Nested.body(category, name, id.as_deref(), fields)
        });
        bodies.collect()
    })
}

impl Letter {
    /// What it tells, in plain words; nothing that would tell who an eSIM belongs to.
    #[must_use]
    pub fn about(&self, world: &World) -> String {
        let purse = world.purse();
        match self.content {
            Content::Moment(number, place) => {
                let moment = moment(world, number, place);
                match moment.map(|(_, moment)| &moment.change) {
                    Some(Change::Status(status)) => format!("eSIM {number} is {status}"),
                    _ => format!("usage of eSIM {number}"),
                }
            }
            Content::Balance(place) => purse
                .notices
                .get(place)
                .map_or_else(String::new, |notice| format!("balance: {}", notice.kind)),
            Content::Commission(_) => "an affiliate order".to_owned(),
            Content::Refund(_) => "a decision about a refund".to_owned(),
        }
    }

    /// Its bytes, as they are signed and sent.
    #[must_use]
    pub fn body(&self, world: &World, envelope: Envelope) -> Vec<u8> {
        let flat = match envelope {
            Envelope::Nested => false,
            Envelope::Flat => true,
            Envelope::Both => self.at % 2 == 0,
        };
        let style = if flat { Style::Flat } else { Style::Nested };
        let written = match self.content {
            Content::Moment(number, place) => {
                moment(world, number, place).map(|(life, moment)| tell(life, moment))
            }
            Content::Balance(place) => world.purse().notices.get(place).map(balance),
            Content::Commission(place) => world.purse().commissions.get(place).map(commission),
            Content::Refund(place) => refund(world, place),
        };
        let Some(Written { kind, id, fields }) = written else {
            return Vec::new();
        };
        let (category, name) = kind.as_parts();
        style.body(category, name, id.as_deref(), fields)
    }
}

struct Written {
    kind: EventKind,
    id: Option<String>,
    fields: Fields,
}

impl Written {
    fn of(kind: EventKind, fields: Fields) -> Written {
        Written {
            kind,
            id: None,
            fields,
        }
    }
}

fn moment(world: &World, number: usize, place: usize) -> Option<(&Life, &Moment)> {
    let life = world.lives().get(number)?;
    Some((life, life.moments.get(place)?))
}

fn tell(life: &Life, moment: &Moment) -> Written {
    let identity = Identity {
        esim_id: life.esim_id.clone(),
        iccid: life.iccid.clone(),
        reference: life.reference.clone(),
    };
    let mut fields: Fields = vec![("timestamp", Json::Time(moment.at))];
    fields.extend(Style::Nested.identify(&identity));
    let plan = moment.plan.and_then(|place| life.plans.get(place));
    if let Some((start, end)) = plan.and_then(|plan| plan.period) {
        fields.extend([("start", Json::Time(start)), ("end", Json::Time(end))]);
    }
    let status = match &moment.change {
        Change::Status(status) => status,
        // Only of what is in use.
        Change::Usage => &Status::Activated,
    };
    fields.push(("status", Json::from(status.as_str())));
    let (Change::Usage, Some(plan)) = (&moment.change, plan) else {
        return Written::of(EventKind::EsimStatus, fields);
    };
    let package = plan.package;
    let left = package
        .allowed
        .map(|allowed| allowed - plan.used(moment.at));
    let usage = vec![
        ("isUnlimited", Json::Bool(package.allowed.is_none())),
        ("allowed_data", or_endless(package.allowed)),
        ("remaining_data", or_endless(left)),
        ("allowed_sms", figure(package.voice)),
        ("remaining_sms", figure(package.voice)),
        ("allowed_voice", figure(package.voice)),
        ("remaining_voice", figure(package.voice)),
    ];
    let days = days_used(plan, moment.at)
        .into_iter()
        .map(|day| {
            Json::Object(vec![
                ("date", Json::Text(day.date)),
                ("data_used", Json::Hundredths(day.used)),
                ("location", Json::from(package.place)),
            ])
        })
        .collect();
    fields.extend([
        ("package_id", Json::from(package.id)),
        ("package_name", Json::from(package.name)),
        ("data_units", Json::from("MB")),
        ("voice_units", Json::from("minutes")),
        ("sms_units", Json::from("sms")),
        ("usage_data", Json::Object(usage)),
        ("usage_list", Json::List(days)),
    ]);
    Written::of(EventKind::EsimUsage, fields)
}

fn balance(notice: &BalanceNotice) -> Written {
    let mut fields = vec![
        ("timestamp", Json::Time(notice.at)),
        ("balance", Json::Hundredths(notice.balance)),
    ];
    if let Some(percent) = notice.percent {
        fields.push(("threshold", Json::Hundredths(THRESHOLD)));
        fields.push(("threshold_percentage", Json::Number(percent)));
    }
    fields.push(("currency", Json::from(CURRENCY)));
    Written::of(notice.kind.clone(), fields)
}

fn commission(order: &Commission) -> Written {
    let item = vec![
        ("item_id", Json::from("esim-portugal-15days-5gb-all")),
        ("item_name", Json::from("5 GB - 15 Days")),
        ("item_quantity", Json::Number(1)),
        ("item_price", Json::Hundredths(order.total)),
    ];
    let data = vec![
        ("order_id", Json::from(order.id.as_str())),
        ("order_total", Json::Hundredths(order.total)),
        ("order_adjustment", Json::Number(0)),
        ("order_subtotal", Json::Hundredths(order.total)),
        ("order_discount", Json::Number(0)),
        ("order_currency", Json::from(CURRENCY)),
        ("order_status", Json::from("completed")),
        ("order_items", Json::List(vec![Json::Object(item)])),
    ];
    let fields = vec![
        ("timestamp", Json::Time(order.at)),
        ("partner_name", Json::from("Blue Harbour Travel")),
        ("partner_id", Json::from("q8Zk3vTn5yXb")),
        ("commission_rate", Json::Hundredths(1_250)),
        ("commission_amount", Json::Hundredths(order.total / 8)),
        ("order_data", Json::Object(data)),
    ];
    Written::of(EventKind::Order, fields)
}

fn refund(world: &World, place: usize) -> Option<Written> {
    let refund = world.purse().refunds.get(place)?;
    let life = world.lives().get(refund.esim)?;
    let (kind, status) = match refund.granted {
        true => (EventKind::Refunded, "REFUNDED"),
        false => (EventKind::RefundRejected, "REJECTED"),
    };
    let iccid = if refund.names_iccid {
        life.iccid.as_str()
    } else {
        ""
    };
    let mut fields = vec![
        ("timestamp", Json::Time(refund.at)),
        ("refund_id", Json::from(refund.id.as_str())),
        ("status", Json::from(status)),
        ("product_type", Json::from("esim")),
        ("esim_id", Json::from(life.esim_id.as_str())),
        ("iccid", Json::from(iccid)),
    ];
    if !refund.granted {
        fields.push(("rejection_reason", Json::from("eSIM already used")));
    }
    let (_, name) = kind.as_parts();
    let id = Some(format!("rfd_{}_{name}", refund.id));
    Some(Written { kind, id, fields })
}

#[cfg(test)]
mod tests;
