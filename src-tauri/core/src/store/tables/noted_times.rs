//! The times that this program's clock has noted since it started, which somebody may have told to be wrong since.

use rusqlite::{Connection, params};

use crate::store::tables::counters::{self, CameLast};
use crate::store::tables::settings;
use crate::store::{Reader, Setting};

/// What came last by a moment: rows that come later are behind these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LastRows {
    delivery: i64,
    event: i64,
    alert: i64,
    import: i64,
    /// When notifications were muted last, UTC seconds.
    muted_at: Option<i64>,
    came: CameLast,
}

/// What a wrong clock has noted.
#[derive(Debug, Clone, Copy)]
pub struct WronglyNoted {
    /// What there was before.
    pub before: LastRows,
    /// By how much it was ahead, milliseconds; less than nothing: behind.
    pub ahead_ms: i64,
    /// Now by a clock that is right, UTC milliseconds.
    pub now_ms: i64,
}

impl Reader<'_> {
    /// What came last until now.
    ///
    /// # Errors
    /// If the store can't be read.
    pub fn last_rows(&self) -> rusqlite::Result<LastRows> {
        let last = |table: &str| {
            let sql = format!("SELECT coalesce(max(id), 0) FROM {table}");
            self.db.query_row(&sql, [], |row| row.get(0))
        };
        Ok(LastRows {
            delivery: last("deliveries")?,
            event: last("events")?,
            alert: last("alerts")?,
            import: last("traveller_imports")?,
            muted_at: self.alert_settings()?.muted_at,
            came: counters::came_last(self.db)?,
        })
    }
}

/// Sets right what was noted wrongly. Of rows that there were before only what lies in time to come is known to be wrong. What
/// would lie there when it was moved was right: while a clock can't be, what is known to have happened counts.
pub(in crate::store) fn set_right(tx: &Connection, noted: &WronglyNoted) -> rusqlite::Result<()> {
    let WronglyNoted {
        before,
        ahead_ms,
        now_ms,
    } = *noted;
    tx.execute(
        "UPDATE deliveries SET received_at_ms = received_at_ms - ?1, last_received_at_ms = last_received_at_ms - ?1
         WHERE id > ?2 AND last_received_at_ms - ?1 <= ?3",
        [ahead_ms, before.delivery, now_ms],
    )?;
    tx.execute(
        "UPDATE events SET received_at_ms = received_at_ms - ?1
         WHERE id > ?2 AND received_at_ms - ?1 <= ?3",
        [ahead_ms, before.event, now_ms],
    )?;
    tx.execute(
        "UPDATE alerts SET raised_at_ms = raised_at_ms - ?1
         WHERE id > ?2 AND raised_at_ms - ?1 <= ?3",
        [ahead_ms, before.alert, now_ms],
    )?;
    for noted in ["acknowledged_at_ms", "cleared_at_ms", "shown_at_ms"] {
        tx.execute(
            &format!(
                "UPDATE alerts SET {noted} = {noted} - ?1
                 WHERE {noted} - ?1 <= ?3 AND (id > ?2 OR {noted} > ?3)"
            ),
            [ahead_ms, before.alert, now_ms],
        )?;
    }
    // Who puts something off for an hour means an hour.
    tx.execute(
        "UPDATE alerts SET put_off_at_ms = put_off_at_ms - ?1, snoozed_until = snoozed_until - ?2
         WHERE put_off_at_ms - ?1 <= ?4 AND (id > ?3 OR put_off_at_ms > ?4)",
        params![ahead_ms, ahead_ms.div_euclid(1000), before.alert, now_ms],
    )?;
    set_mute_right(tx, noted)?;
    tx.execute(
        "UPDATE traveller_imports SET imported_at_ms = imported_at_ms - ?1
         WHERE id > ?2 AND imported_at_ms - ?1 <= ?3",
        [ahead_ms, before.import, now_ms],
    )?;
    counters::set_last_right(tx, before.came, |noted_ms| {
        Some(noted_ms.saturating_sub(ahead_ms)).filter(|right_ms| *right_ms <= now_ms)
    })
}

fn set_mute_right(tx: &Connection, noted: &WronglyNoted) -> rusqlite::Result<()> {
    let mut settings = Reader { db: tx }.alert_settings()?;
    let Some(muted_at) = settings.muted_at else {
        return Ok(());
    };
    let now = noted.now_ms.div_euclid(1000);
    let ahead = noted.ahead_ms.div_euclid(1000);
    let since_then = noted.before.muted_at != Some(muted_at) || muted_at > now;
    if since_then && muted_at.saturating_sub(ahead) <= now {
        settings.set_mute_back(ahead);
        // Plain numbers and names, which always can be written.
        let text = serde_json::to_string(&settings).unwrap_or_default();
        settings::set(tx, Setting::Alerts, Some(&text))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{AlertSettings, Detail, Fact, Rule, Subject};
    use crate::store::tables::alerts::{self, AlertState, AlertStep};
    use crate::store::tests::{database, deliver_at, status};

    const DAY_MS: i64 = 86_400_000;
    /// 2026-11-28 18:00:00 UTC.
    const NOW_MS: i64 = 1_795_888_800_000;

    fn raise(db: &Connection, esim: i64, now_ms: i64) {
        let fact = Fact {
            subject: Subject::Esim(esim),
            rule: Rule::Revoked,
            occasion: String::new(),
            since: now_ms.div_euclid(1000),
            detail: Detail::default(),
        };
        let step = AlertStep::Raise { fact, owed: true };
        alerts::apply(db, &step, now_ms).unwrap();
    }

    /// Received, raised, put off until, of each in turn.
    fn times(db: &Connection) -> Vec<(i64, i64, Option<i64>)> {
        let received = |esim: i64| {
            let sql = "SELECT received_at_ms FROM events WHERE esim = ?1";
            db.query_row(sql, [esim], |row| row.get(0)).unwrap()
        };
        let alerts = Reader { db }.open_alerts().unwrap();
        let of = |alert: &alerts::StoredAlert| {
            let esim = alert.esim_row.unwrap();
            (received(esim), alert.raised_at_ms, alert.snoozed_until)
        };
        alerts.iter().map(of).collect()
    }

    #[test]
    fn what_was_noted_since_the_start_moves_and_what_was_noted_before_does_not() {
        for ahead_ms in [DAY_MS, -DAY_MS] {
            let db = database();
            let yesterday_ms = NOW_MS - DAY_MS - 60_000;
            deliver_at(
                &db,
                &status(r#""esim_id":"a""#, "REVOKED", 1_795_000_000),
                yesterday_ms,
            );
            raise(&db, 1, yesterday_ms);
            let before = Reader { db: &db }.last_rows().unwrap();
            let wrong_ms = NOW_MS + ahead_ms - 5_000;
            deliver_at(
                &db,
                &status(r#""esim_id":"b""#, "REVOKED", 1_795_000_000),
                wrong_ms,
            );
            raise(&db, 2, wrong_ms);
            let until = wrong_ms.div_euclid(1000) + 3600;
            let ids: Vec<i64> = Reader { db: &db }
                .open_alerts()
                .unwrap()
                .iter()
                .map(|it| it.id)
                .collect();
            // Whoever is behind may have put it off yesterday by the right clock.
            let put_off = if ahead_ms > 0 { ids } else { vec![ids[1]] };
            alerts::apply(
                &db,
                &AlertStep::Snooze {
                    ids: put_off,
                    until,
                },
                wrong_ms,
            )
            .unwrap();
            let noted = WronglyNoted {
                before,
                ahead_ms,
                now_ms: NOW_MS,
            };
            set_right(&db, &noted).unwrap();
            let until = NOW_MS.div_euclid(1000) - 5 + 3600;
            let first = Some(until).filter(|_| ahead_ms > 0);
            assert_eq!(
                times(&db),
                [
                    (yesterday_ms, yesterday_ms, first),
                    (NOW_MS - 5_000, NOW_MS - 5_000, Some(until)),
                ]
            );
            let states = Reader { db: &db }.open_alerts().unwrap();
            assert!(states.iter().any(|it| it.state == AlertState::Snoozed));
        }
    }

    #[test]
    fn a_mute_that_was_set_since_the_start_moves_and_one_from_before_does_not() {
        for (set_before, ahead_ms, moves) in [
            (false, DAY_MS, true),
            (false, -DAY_MS, true),
            (true, DAY_MS, false),
            (true, -DAY_MS, false),
        ] {
            let db = database();
            let (wrong, hour) = ((NOW_MS + ahead_ms).div_euclid(1000) - 5, 3600);
            let at = if set_before {
                NOW_MS / 1000 - 90_000
            } else {
                wrong
            };
            let mute = || {
                let set = AlertSettings::default().muted(Some(at + hour), at);
                let text = serde_json::to_string(&set).unwrap();
                settings::set(&db, Setting::Alerts, Some(&text)).unwrap();
            };
            if set_before {
                mute();
            }
            let before = Reader { db: &db }.last_rows().unwrap();
            mute();
            let now_ms = NOW_MS;
            let noted = WronglyNoted {
                before,
                ahead_ms,
                now_ms,
            };
            set_right(&db, &noted).unwrap();
            let until = Reader { db: &db }.alert_settings().unwrap().muted_until;
            let by = if moves { ahead_ms / 1000 } else { 0 };
            assert_eq!(until, Some(at + hour - by), "{set_before} {ahead_ms}");
        }
    }

    #[test]
    fn what_is_known_to_have_happened_counts_while_a_clock_is_behind_and_stays() {
        let db = database();
        let before = Reader { db: &db }.last_rows().unwrap();
        deliver_at(
            &db,
            &status(r#""esim_id":"a""#, "REVOKED", 1_795_000_000),
            NOW_MS,
        );
        raise(&db, 1, NOW_MS);
        let noted = WronglyNoted {
            before,
            ahead_ms: -DAY_MS,
            now_ms: NOW_MS + 5_000,
        };
        set_right(&db, &noted).unwrap();
        assert_eq!(times(&db), [(NOW_MS, NOW_MS, None)]);
        assert_eq!(
            Reader { db: &db }.last_received_at_ms().unwrap(),
            Some(NOW_MS)
        );
    }
}
