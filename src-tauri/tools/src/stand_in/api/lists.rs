//! Lists: eSIMs, orders, top-ups. No pages and no order that anybody could rely on: they are sorted by ids, which are
//! chance.

use esim_watch_core::event::Status;

use super::{ApiAnswer, ROWS, View};
use crate::stand_in::shapes::{figure, or_endless};
use crate::stand_in::world::{CURRENCY, Change, DataPlan, Life, PROFILE_LIFE, Purchase, price};
use crate::wire::{Fields, Json};

/// What the list can be asked for.
const FILTERS: [Status; 6] = [
    Status::New,
    Status::Ready,
    Status::Installed,
    Status::Revoked,
    Status::Expired,
    Status::Unknown,
];

/// The coarser word that the list has for an eSIM at a time; `None`: it is not sold yet.
#[must_use]
pub fn listed_status(life: &Life, now: i64) -> Option<Status> {
    let mut listed = None;
    for moment in life.past(now) {
        let Change::Status(status) = &moment.change else {
            continue;
        };
        listed = Some(match status {
            Status::New => Status::New,
            Status::Ready | Status::Downloaded => Status::Ready,
            Status::Installed | Status::Activated | Status::Inactive => Status::Installed,
            Status::Expired => Status::Expired,
            Status::Revoked => Status::Revoked,
            // The list has no word for what was removed from its phone: of some it says so, of others nothing new.
            _ => match listed {
                Some(Status::Installed) if life.number.is_multiple_of(2) => Status::Unknown,
                before => before?,
            },
        });
    }
    listed
}

impl View<'_> {
    pub(super) fn esims(&self) -> ApiAnswer {
        let wanted = self.request.asked("status").map(Status::from_text);
        if wanted.as_ref().is_some_and(|it| !FILTERS.contains(it)) {
            return ApiAnswer::unprocessable();
        }
        let reference = self.request.asked("referenceId");
        let mut found: Vec<(&Life, Status)> = self
            .world
            .lives()
            .iter()
            .filter(|life| reference.is_none() || life.reference.as_deref() == reference)
            .filter_map(|life| Some((life, self.listed(life)?)))
            .filter(|(_, status)| wanted.as_ref().is_none_or(|wanted| wanted == status))
            .collect();
        found.sort_by(|(a, _), (b, _)| a.esim_id.cmp(&b.esim_id));
        let rows = self.page(found).into_iter();
        ApiAnswer::found(Json::List(
            rows.map(|(life, status)| self.row(life, &status)).collect(),
        ))
    }

    /// The status in the list, which may lag behind.
    pub(super) fn listed(&self, life: &Life) -> Option<Status> {
        if !life.exists(self.now) {
            return None;
        }
        listed_status(life, self.now - self.quirks.list_lags_seconds)
            .or_else(|| listed_status(life, life.sold()))
    }

    /// One eSIM as the list shows it: without its reference and its package.
    pub(super) fn row(&self, life: &Life, status: &Status) -> Json {
        let seen = self.now - self.quirks.list_lags_seconds;
        let updated = life.past(seen).next_back();
        let unlimited = life
            .plan_at(self.now)
            .is_some_and(|(_, plan)| plan.package.allowed.is_none());
        let code = &life.secrets.code;
        let server = "rsp.example.com";
        let esim: Fields = vec![
            ("lpaCode", Json::Text(format!("LPA:1${server}${code}"))),
            ("smdpAddress", Json::from(server)),
            ("activationCode", Json::from(code.as_str())),
            ("pin", Json::from(life.secrets.pin.as_str())),
            ("puk", Json::from(life.secrets.puk.as_str())),
        ];
        let apn: Fields = vec![
            ("name", Json::from("internet")),
            ("username", Json::from("")),
            ("password", Json::from("")),
        ];
        Json::Object(vec![
            ("id", Json::from(life.esim_id.as_str())),
            ("iccid", Json::from(life.iccid.as_str())),
            ("status", Json::from(status.as_str())),
            ("activation", Json::from("AUTOMATIC")),
            ("withTopUp", Json::Bool(true)),
            ("withUsageCheck", Json::Bool(true)),
            ("esim", Json::Object(esim)),
            ("apn", Json::Object(apn)),
            (
                "data",
                Json::Object(vec![("isUnlimited", Json::Bool(unlimited))]),
            ),
            ("createdAt", Json::Time(life.sold())),
            (
                "updatedAt",
                Json::Time(updated.map_or(life.sold(), |moment| moment.at)),
            ),
            ("expiredAt", Json::Time(self.expires(life))),
        ])
    }

    /// The end of what runs; before anything was used, the end of the profile's own life.
    pub(super) fn expires(&self, life: &Life) -> i64 {
        life.plan_at(self.now)
            .filter(|(running, _)| *running)
            .and_then(|(_, plan)| plan.period)
            .map_or(life.sold() + PROFILE_LIFE, |(_, end)| end)
    }

    pub(super) fn orders(&self) -> ApiAnswer {
        let status = self.request.asked("status");
        let reference = self.request.asked("referenceId");
        let mut found: Vec<&Purchase> = self
            .world
            .purchases()
            .iter()
            .filter(|order| order.at <= self.now)
            .filter(|order| reference.is_none() || order.reference.as_deref() == reference)
            .filter(|order| status.is_none_or(|status| outcome(order).eq_ignore_ascii_case(status)))
            .collect();
        found.sort_by(|a, b| a.id.cmp(&b.id));
        let rows = self.page(found).into_iter();
        let orders = Json::List(rows.map(|order| self.order(order)).collect());
        ApiAnswer::found(Json::Object(vec![("orders", orders)]))
    }

    fn order(&self, order: &Purchase) -> Json {
        let kind = kind(order.is_top_up);
        let items = order
            .items
            .iter()
            .filter_map(|item| self.world.bought(*item))
            .map(|(life, plan)| Json::Object(item(life, plan, kind)))
            .collect();
        Json::Object(vec![
            ("id", Json::from(order.id.as_str())),
            (
                "referenceId",
                Json::from(order.reference.as_deref().unwrap_or_default()),
            ),
            ("orderType", Json::from(kind)),
            ("status", Json::from(outcome(order))),
            ("total", Json::Hundredths(order.total)),
            ("currency", Json::from(CURRENCY)),
            ("createdAt", Json::Time(order.at)),
            ("updatedAt", Json::Time(order.at)),
            ("items", Json::List(items)),
        ])
    }

    pub(super) fn top_ups(&self) -> ApiAnswer {
        let Some(life) = self.by_iccid(self.request.asked("iccid")) else {
            return ApiAnswer::not_found();
        };
        let bought = life.plans.iter().skip(1);
        let rows = bought
            .filter(|plan| plan.bought <= self.now)
            .map(|plan| {
                let mut fields = item(life, plan, kind(true));
                fields.push(("createdAt", Json::Time(plan.bought)));
                fields.push(("updatedAt", Json::Time(plan.bought)));
                Json::Object(fields)
            })
            .collect();
        ApiAnswer::found(Json::List(rows))
    }

    pub(super) fn usage_fields(&self, life: &Life, status: &Status) -> Option<Fields> {
        let (running, plan) = life.plan_at(self.now)?;
        let (_, used) = life.reading(self.now)?;
        let package = plan.package;
        let started = plan.period.filter(|_| running).map(|(start, _)| start);
        Some(vec![
            ("id", Json::from(life.esim_id.as_str())),
            ("iccid", Json::from(life.iccid.as_str())),
            ("status", Json::from(status.as_str())),
            ("startedAt", started.map_or(Json::Null, Json::Time)),
            ("expiredAt", Json::Time(self.expires(life))),
            ("allowedData", or_endless(package.allowed)),
            (
                "remainingData",
                or_endless(package.allowed.map(|allowed| allowed - used)),
            ),
            ("allowedSms", figure(package.voice)),
            ("remainingSms", figure(package.voice)),
            ("allowedVoice", figure(package.voice)),
            ("remainingVoice", figure(package.voice)),
        ])
    }

    /// As many as are asked for.
    fn page<T>(&self, mut rows: Vec<T>) -> Vec<T> {
        let limit = self.request.asked("limit");
        let limit = limit.and_then(|text| text.parse().ok()).unwrap_or(ROWS);
        rows.truncate(self.quirks.most_rows.map_or(limit, |most| limit.min(most)));
        if self.half {
            rows.truncate(rows.len() / 2);
        }
        rows
    }
}

fn item(life: &Life, plan: &DataPlan, kind: &'static str) -> Fields {
    vec![
        ("esimId", Json::from(life.esim_id.as_str())),
        ("packageId", Json::from(plan.package.id)),
        ("package", Json::from(plan.package.name)),
        ("type", Json::from(kind)),
        ("price", Json::Hundredths(price(plan))),
        ("currency", Json::from(CURRENCY)),
    ]
}

fn kind(is_top_up: bool) -> &'static str {
    if is_top_up { "topup" } else { "esim" }
}

fn outcome(order: &Purchase) -> &'static str {
    if order.failed { "failed" } else { "completed" }
}
