//! What the rules need to know of the balance.

use rusqlite::params;

use crate::alert::AccountEvent;
use crate::event::{EventKind, Topic, currency_code};
use crate::store::Reader;
use crate::store::tables::kinds;

/// How far back every event counts, seconds: as long as a shortage is believed.
const LOOK_BACK_SECS: i64 = 30 * 86_400;

impl Reader<'_> {
    /// What the rules need at `now` (UTC seconds): of each currency every event of the last 30 days, and all since its
    /// last `top_up`. Also those that were not understood entirely: that an order failed is told whatever is wrong with
    /// its time or its figures. Only of a balance that runs through many, so amounts are read without the rest.
    pub fn account_events(&self, now: i64) -> rusqlite::Result<Vec<AccountEvent>> {
        let last = self.last_top_up(|_| true)?;
        let from = last.unwrap_or(i64::MIN).min(now - LOOK_BACK_SECS);
        let found = self.balance_events(from)?;
        let code = |event: &AccountEvent| event.currency.as_deref().and_then(currency_code);
        let topped_up = |currency: &Option<String>| {
            let is_top_up = |event: &&AccountEvent| event.kind == EventKind::BalanceToppedUp;
            found
                .iter()
                .filter(is_top_up)
                .any(|event| code(event) == *currency)
        };
        let mut earliest = from;
        let mut others: Vec<Option<String>> = found.iter().map(code).collect();
        others.sort();
        others.dedup();
        others.retain(|currency| currency.is_some() && !topped_up(currency));
        for currency in others {
            let of_it = |event: &AccountEvent| code(event) == currency;
            earliest = earliest.min(self.last_top_up(of_it)?.unwrap_or(i64::MIN));
        }
        match earliest < from {
            true => self.balance_events(earliest),
            false => Ok(found),
        }
    }

    /// When it was first heard of an order that failed at this second (UTC), UTC milliseconds. Of one that names another
    /// currency it does not count; `None`: of none.
    pub fn failed_order_heard(
        &self,
        at: i64,
        currency: Option<&str>,
    ) -> rusqlite::Result<Option<i64>> {
        let sql = format!(
            "SELECT min(received_at_ms) FROM events
             WHERE {} AND occurred_at = ?1 AND coalesce(
                 upper(trim(iif(details <> '', details, '{{}}') ->> '$.balance.currency')) = ?2, TRUE)",
            kinds::is(&EventKind::BalanceInsufficient)
        );
        self.db
            .prepare_cached(&sql)?
            .query_row(params![at, currency], |row| row.get(0))
    }

    /// When money was last added of which this is so.
    fn last_top_up(&self, wanted: impl Fn(&AccountEvent) -> bool) -> rusqlite::Result<Option<i64>> {
        let sql = select(&format!(
            "{} AND occurred_at IS NOT NULL ORDER BY occurred_at DESC",
            kinds::is(&EventKind::BalanceToppedUp)
        ));
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let event = from_row(row)?;
            if wanted(&event) {
                return Ok(Some(event.occurred_at));
            }
        }
        Ok(None)
    }

    fn balance_events(&self, from: i64) -> rusqlite::Result<Vec<AccountEvent>> {
        let sql = select(&format!(
            "{} AND occurred_at >= ?1",
            kinds::known_about(Topic::Balance)
        ));
        self.db
            .prepare_cached(&sql)?
            .query_map(params![from], from_row)?
            .collect()
    }
}

fn select(condition: &str) -> String {
    format!(
        "SELECT key, category, type, occurred_at, said ->> '$.balance', said ->> '$.threshold', said ->> '$.currency'
         FROM (SELECT *, iif(details <> '', details, '{{}}') -> '$.balance' AS said
               FROM events WHERE {condition})"
    )
}

fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<AccountEvent> {
    let (category, kind): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(AccountEvent {
        key: row.get(0)?,
        kind: EventKind::from_parts(&category, &kind),
        occurred_at: row.get(3)?,
        amount: row.get(4)?,
        threshold: row.get(5)?,
        currency: row.get(6)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Rule, account_facts};
    use crate::store::tests::{database, deliver_at};

    const NOW: i64 = 1_764_320_400;
    const DAY: i64 = 86_400;

    fn balance(kind: &str, at: i64, amount: f64, currency: &str) -> String {
        format!(
            r#"{{"event_category":"partner","event_type":"{kind}","data":{{"timestamp":{at},"balance":{amount},"threshold":200,"currency":"{currency}"}}}}"#
        )
    }

    #[test]
    fn every_event_since_the_last_money_counts_whatever_their_number() {
        let db = database();
        let tell = |body: String| drop(deliver_at(&db, &body, (NOW + DAY) * 1000));
        tell(balance("low_balance", NOW - 90 * DAY, 50.0, "EUR"));
        tell(balance("top_up", NOW - 60 * DAY, 500.0, "EUR"));
        tell(balance("low_balance", NOW - 45 * DAY, 160.0, "eur"));
        tell(balance("low_balance", NOW - DAY, 40.0, "EUR"));
        for minute in 0..150 {
            tell(balance(
                "insufficient_balance",
                NOW + minute * 60,
                2.5,
                "EUR",
            ));
        }
        let reader = Reader { db: &db };
        let at = NOW + 151 * 60;
        let events = reader.account_events(at).unwrap();
        assert_eq!(events.len(), 153, "not what was before the money");
        let facts = account_facts(&events, at);
        let told: Vec<_> = facts
            .iter()
            .map(|fact| (fact.rule, fact.since, fact.detail.amount, fact.detail.count))
            .collect();
        assert_eq!(
            told,
            [
                (Rule::BalanceLow, NOW - DAY, Some(2.5), None),
                (Rule::BalanceInsufficient, NOW, Some(2.5), Some(150)),
            ]
        );
    }

    #[test]
    fn a_currency_reaches_back_to_its_own_money() {
        let db = database();
        let tell = |body: String| drop(deliver_at(&db, &body, NOW * 1000));
        tell(balance("top_up", NOW - 200 * DAY, 500.0, "USD"));
        tell(balance("low_balance", NOW - 40 * DAY, 90.0, "USD"));
        tell(balance("top_up", NOW - 35 * DAY, 500.0, "EUR"));
        tell(balance("low_balance", NOW, 80.0, "usd"));
        let events = Reader { db: &db }.account_events(NOW).unwrap();
        assert_eq!(events.len(), 4);
        let reader = Reader { db: &db };
        assert_eq!(reader.account_events(NOW + 400 * DAY).unwrap().len(), 4);
    }
}
