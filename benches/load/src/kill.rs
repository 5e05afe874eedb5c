//! Power cuts: kill -9 under full load, again and again on one folder. What was acknowledged must be
//! there, once, in an intact database; what was not is sent again, as Roamify does.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, ensure};
use esim_watch_core::store::{DATABASE_FILE, Readers};
use rusqlite::{Connection, OpenFlags};

use crate::Bench;
use crate::deck::{self, Deck, Identity};
use crate::drive::{Closed, closed};
use crate::ingest::ESIMS;
use crate::report;
use crate::server::{Server, Which};

const CONNECTIONS: usize = 64;

/// Events that a round can't use up before it is killed.
const ROUND: u64 = 120_000;

/// What a database says of itself.
#[derive(Default)]
struct Findings {
    missing: usize,
    duplicated: usize,
    integrity: String,
    disagreements: Vec<String>,
}

/// Kills, starts again, looks; fails if anything is not as it was acknowledged.
pub fn run(bench: &Bench) -> Result<()> {
    let kills = if bench.quick { 3 } else { 10 };
    report::title(&format!(
        "{kills} × kill -9 under full load, {CONNECTIONS} connections"
    ));
    let folder = bench.folder()?;
    let (mut next, mut pending) = (0, Vec::new());
    let mut acknowledged: Vec<u64> = Vec::new();
    let mut rows = Vec::new();
    let (mut missing, mut duplicated, mut intact) = (0, 0, true);
    // The last round is not killed: it takes what was not acknowledged before.
    for round in 0..=kills {
        let last = round == kills;
        let mut server = Server::start(bench, Which::Product, folder.path())?;
        let ready = server.ready_after.as_secs_f64() * 1e3;
        let before = look(folder.path(), &acknowledged, last)?;
        let fresh = if last { next..next } else { next..next + ROUND };
        let events = std::mem::take(&mut pending).into_iter().chain(fresh);
        let deck = Rc::new(Deck::new(events, ESIMS, &server.token));
        // Always another moment within a commit or between two.
        let life = Duration::from_millis(700 + (round * 377) % 901);
        let how = Closed {
            connections: CONNECTIONS,
            warm: Duration::ZERO,
            length: Duration::from_secs(20),
            again: false,
        };
        let address = server.address;
        let run = std::thread::scope(|scope| {
            let killer = (!last).then(|| {
                scope.spawn(|| {
                    std::thread::sleep(life);
                    server.kill()
                })
            });
            let run = closed(address, &deck, 0..deck.len(), how);
            if let Some(killer) = killer {
                let killed = killer.join();
                killed.map_err(|_| anyhow::anyhow!("the killing thread panicked"))??;
            }
            run
        })?;
        let sent = run.accepted.len() + run.unacknowledged.len();
        acknowledged.extend(run.accepted.iter().map(|place| deck.event(*place)));
        pending.extend(run.unacknowledged.iter().map(|place| deck.event(*place)));
        // What the deck still held was never sent; the next round begins with it.
        pending.extend(
            (sent..deck.len())
                .map(|place| deck.event(place))
                .filter(|n| *n < next),
        );
        next = next.max(
            (0..sent)
                .map(|place| deck.event(place) + 1)
                .max()
                .unwrap_or(next),
        );
        let after = if last {
            look(folder.path(), &acknowledged, true)?
        } else {
            Findings::default()
        };
        for found in [&before, &after] {
            missing += found.missing;
            duplicated += found.duplicated;
            intact &=
                matches!(found.integrity.as_str(), "" | "ok") && found.disagreements.is_empty();
            for line in found.disagreements.iter().take(5) {
                report::note(line);
            }
        }
        rows.push(vec![
            if last {
                "at the end".to_owned()
            } else {
                format!("kill {}", round + 1)
            },
            report::ms(ready),
            run.accepted.len().to_string(),
            run.unacknowledged.len().to_string(),
            before.missing.to_string(),
            before.duplicated.to_string(),
            before.integrity,
        ]);
    }
    report::table(
        &[
            "",
            "start",
            "acknowledged",
            "not acknowledged",
            "missing",
            "duplicated",
            "integrity_check",
        ],
        &rows,
    );
    report::note(&format!(
        "{} events acknowledged in all",
        acknowledged.len()
    ));
    let fine = missing == 0 && duplicated == 0 && intact;
    report::target(
        "acknowledged events",
        &format!(
            "{missing} missing, {duplicated} duplicated, database {}",
            if intact { "intact" } else { "DAMAGED" }
        ),
        "0 missing, 0 duplicated, intact",
        fine,
    );
    ensure!(
        fine,
        "an acknowledged event was lost or doubled, or the database is damaged"
    );
    Ok(())
}

/// Looks into the database beside the running server.
fn look(data_dir: &Path, acknowledged: &[u64], thorough: bool) -> Result<Findings> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(data_dir.join(DATABASE_FILE), flags)?;
    let mut stored: HashMap<Identity, usize> = HashMap::new();
    let mut rows = db.prepare("SELECT occurred_at, esim_id FROM events")?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        *stored.entry((row.get(0)?, row.get(1)?)).or_default() += 1;
    }
    let missing = acknowledged
        .iter()
        .filter(|n| !stored.contains_key(&deck::identity(**n, ESIMS)))
        .count();
    let integrity = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    Ok(Findings {
        missing,
        duplicated: stored.values().filter(|times| **times > 1).count(),
        integrity,
        // Every eSIM folded again from its events, the totals counted again.
        disagreements: match thorough {
            true => Readers::of(data_dir)?.read(|store| store.check())?,
            false => Vec::new(),
        },
    })
}
