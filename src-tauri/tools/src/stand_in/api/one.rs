//! One eSIM: its row, its history, its usage. And the balance.

use esim_watch_core::event::Status;

use super::{ApiAnswer, View};
use crate::stand_in::shapes::{date_and_time, days_used};
use crate::stand_in::world::{CURRENCY, Change, Life};
use crate::wire::{Fields, Json};

/// kB and bytes of a hundredth of a MB.
const KILOBYTES: (i64, i64) = (1_024, 100);
const BYTES: (i64, i64) = (1_024 * 1_024, 100);

impl View<'_> {
    pub(super) fn esim(&self) -> ApiAnswer {
        let (iccid, id) = (self.request.asked("iccid"), self.request.asked("esimId"));
        if iccid.is_some() == id.is_some() {
            return ApiAnswer::unprocessable();
        }
        let life = self.by_iccid(iccid).or_else(|| self.by_id(id));
        match life.and_then(|life| Some((life, self.listed(life)?))) {
            Some((life, status)) => ApiAnswer::found(self.row(life, &status)),
            None => ApiAnswer::not_found(),
        }
    }

    /// The history of one eSIM; of an order that holds several, of one of them.
    pub(super) fn events(&self) -> ApiAnswer {
        let asked = |name| self.request.asked(name);
        if [asked("iccid"), asked("esimId"), asked("referenceId")] == [None; 3] {
            return ApiAnswer::unprocessable();
        }
        let of_order = |life: &&Life| {
            life.exists(self.now) && life.reference.as_deref() == asked("referenceId")
        };
        let found = self
            .by_iccid(asked("iccid"))
            .or_else(|| self.by_id(asked("esimId")))
            .or_else(|| {
                asked("referenceId").and_then(|_| self.world.lives().iter().find(of_order))
            });
        let Some(life) = found else {
            return ApiAnswer::not_found();
        };
        let is_left_out = |at: i64| {
            let without = self.quirks.history_without_returns;
            without && life.returns().any(|returned| returned == at)
        };
        let mut events: Vec<Json> = life
            .past(self.now)
            .filter(|moment| !is_left_out(moment.at))
            .filter_map(|moment| match &moment.change {
                Change::Status(status) if self.in_history(status) => Some((moment, status)),
                _ => None,
            })
            .map(|(moment, status)| {
                let on_a_phone = !matches!(status, Status::New);
                let phone = life.phones.get(moment.phone).filter(|_| on_a_phone);
                Json::Object(vec![
                    ("iccid", Json::from(life.iccid.as_str())),
                    ("eid", Json::from(phone.map_or("", String::as_str))),
                    ("status", Json::from(status.as_str())),
                    ("timeStamp", Json::Time(moment.at)),
                    ("dateTime", Json::Text(date_and_time(moment.at))),
                ])
            })
            .collect();
        if self.quirks.history_backwards {
            events.reverse();
        }
        // Without the wrapper that the others have.
        let said = vec![
            ("iccid", Json::from(life.iccid.as_str())),
            ("esimId", Json::from(life.esim_id.as_str())),
            (
                "referenceId",
                Json::from(life.reference.as_deref().unwrap_or_default()),
            ),
            ("events", Json::List(events)),
            ("locations", Json::List(Vec::new())),
        ];
        ApiAnswer::json(200, &Json::Object(said))
    }

    /// The list's word, or a finer one where the history does not have it.
    fn of_usage(&self, life: &Life) -> Option<Status> {
        let listed = self.listed(life)?;
        let seen = self.now - self.quirks.list_lags_seconds;
        let runs = self.quirks.history_without_returns && listed == Status::Installed;
        let finer = life.status(seen).filter(|_| runs);
        Some(finer.cloned().unwrap_or(listed))
    }

    /// READY is the list's word alone.
    fn in_history(&self, status: &Status) -> bool {
        match status {
            Status::Ready => false,
            Status::Expired | Status::Revoked => !self.quirks.history_without_ends,
            _ => true,
        }
    }

    pub(super) fn usage(&self, details: bool) -> ApiAnswer {
        let (iccid, id) = (self.request.asked("iccid"), self.request.asked("esimId"));
        let life = match self.quirks.usage_by_esim_id {
            true if id.is_none() => return ApiAnswer::unprocessable(),
            true => self.by_id(id),
            false => self.by_iccid(iccid).or_else(|| self.by_id(id)),
        };
        let found = life.and_then(|life| {
            let mut fields = self.usage_fields(life, &self.of_usage(life)?)?;
            if details {
                fields.push(("dataUsages", self.day_by_day(life)));
            }
            Some(fields)
        });
        found.map_or_else(ApiAnswer::not_found, |fields: Fields| {
            ApiAnswer::found(Json::Object(fields))
        })
    }

    /// Each day without dashes, its usage in a unit that is not told.
    fn day_by_day(&self, life: &Life) -> Json {
        let (times, part) = if self.quirks.details_in_bytes {
            BYTES
        } else {
            KILOBYTES
        };
        let read = life.reading(self.now).and_then(|(at, _)| at);
        let days = match (life.plan_at(self.now), read) {
            (Some((_, plan)), Some(read)) => days_used(plan, read)
                .into_iter()
                .map(|day| {
                    Json::Object(vec![
                        ("date", Json::Text(day.date.replace('-', ""))),
                        ("usage", Json::Number(day.used * times / part)),
                        ("location", Json::from(plan.package.place)),
                    ])
                })
                .collect(),
            _ => Vec::new(),
        };
        Json::List(days)
    }

    pub(super) fn balance(&self) -> ApiAnswer {
        let cents = self.world.purse().balance(self.now);
        ApiAnswer::found(Json::Object(vec![
            ("balance", Json::Hundredths(cents)),
            ("currency", Json::from(CURRENCY)),
        ]))
    }

    /// Of several that have a number, the one that got it last.
    pub(super) fn by_iccid(&self, iccid: Option<&str>) -> Option<&Life> {
        let iccid = iccid?;
        let all = self.world.lives().iter();
        all.filter(|life| life.iccid == iccid && life.exists(self.now))
            .max_by_key(|life| life.sold())
    }

    fn by_id(&self, id: Option<&str>) -> Option<&Life> {
        let id = id?;
        let mut all = self.world.lives().iter();
        all.find(|life| life.esim_id == id && life.exists(self.now))
    }
}
