//! What is true of each eSIM at a time: what a desk should show that missed nothing. Only for comparing.

use esim_watch_core::event::Status;

use super::{BalanceNotice, Change, DataPlan, Life, Moment, World};

/// One eSIM as it truly is.
#[derive(Debug, Clone, PartialEq)]
pub struct TrueEsim {
    /// Its number in the world.
    pub number: usize,
    /// Roamify's id of it.
    pub esim_id: String,
    /// The profile's number.
    pub iccid: String,
    /// The partner's reference of its order.
    pub reference_id: Option<String>,
    /// Its status.
    pub status: Status,
    /// Since when.
    pub status_at: i64,
    /// Start and end of what runs or ran last; `None`: nothing was ever used.
    pub period: Option<(i64, i64)>,
    /// Name of the package that runs, ran last, or waits to be used.
    pub package_name: String,
    /// Whether its data is unlimited.
    pub unlimited: bool,
    /// Data in the package, in MB; `None`: unlimited.
    pub allowed_mb: Option<f64>,
    /// Data left when it was last read, in MB; `None`: unlimited.
    pub remaining_mb: Option<f64>,
    /// When it was last read; `None`: not yet, for this package.
    pub read_at: Option<i64>,
    /// Its statuses in the order of time.
    pub timeline: Vec<TrueStatus>,
}

/// One status of an eSIM, and who tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrueStatus {
    /// Since when, UTC seconds.
    pub at: i64,
    /// The status.
    pub status: Status,
    /// Whether a webhook tells it.
    pub by_webhook: bool,
}

impl World {
    /// What the partner has, in cents.
    #[must_use]
    pub fn balance(&self, now: i64) -> i64 {
        self.purse().balance(now)
    }

    /// What is told of the balance, in the order of time: that it is low, that it did not suffice for an order, that money
    /// was added.
    #[must_use]
    pub fn balance_notices(&self) -> &[BalanceNotice] {
        &self.purse().notices
    }

    /// Every eSIM that was sold by then, as it truly is.
    #[must_use]
    pub fn truth(&self, now: i64) -> Vec<TrueEsim> {
        self.lives()
            .iter()
            .filter_map(|life| life.truth(now))
            .collect()
    }
}

impl Life {
    /// It as it truly is at a time; `None`: it is not sold yet.
    #[must_use]
    pub fn truth(&self, now: i64) -> Option<TrueEsim> {
        let timeline: Vec<TrueStatus> = self
            .past(now)
            .filter_map(|moment| match &moment.change {
                Change::Status(status) => Some(TrueStatus {
                    at: moment.at,
                    status: status.clone(),
                    by_webhook: moment.by_webhook,
                }),
                Change::Usage => None,
            })
            .collect();
        let last = timeline.last()?;
        let (running, plan) = self.plan_at(now)?;
        let (read_at, used) = self.reading(now)?;
        let in_mb = |hundredths: i64| hundredths as f64 / 100.0;
        let allowed = plan.package.allowed;
        Some(TrueEsim {
            number: self.number,
            esim_id: self.esim_id.clone(),
            iccid: self.iccid.clone(),
            reference_id: self.reference.clone(),
            status: last.status.clone(),
            status_at: last.at,
            period: running.then_some(plan.period).flatten(),
            package_name: plan.package.name.to_owned(),
            unlimited: allowed.is_none(),
            allowed_mb: allowed.map(in_mb),
            remaining_mb: allowed.map(|allowed| in_mb(allowed - used)),
            read_at,
            timeline,
        })
    }

    /// The plan that runs, ran last, or waits; and whether it was ever used.
    pub(crate) fn plan_at(&self, now: i64) -> Option<(bool, &DataPlan)> {
        let place = self.past(now).next_back()?.plan;
        Some((place.is_some(), self.plans.get(place.unwrap_or(0))?))
    }

    /// When the usage of what runs was last read, and what was used then in hundredths of a MB.
    pub(crate) fn reading(&self, now: i64) -> Option<(Option<i64>, i64)> {
        let place = self.past(now).next_back()?.plan;
        let read = |moment: &&Moment| moment.change == Change::Usage && moment.plan == place;
        let last = self.past(now).rev().find(read).map(|moment| moment.at);
        let used = place
            .and_then(|place| self.plans.get(place))
            .zip(last)
            .map_or(0, |(plan, at)| plan.used(at));
        Some((last, used))
    }
}
