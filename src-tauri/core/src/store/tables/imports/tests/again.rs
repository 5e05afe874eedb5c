//! A reference that is used again while the trip of whoever has its eSIM is still to come.

use super::orders::{becomes, shown};
use super::*;

const OLD: (&str, &str, &str) = ("old1", "89445012345678301111", "R");
const NEW: (&str, &str, &str) = ("new2", "89445012345678302222", "R");

const BEN: &str =
    "Name,Reference,Phone,Start,End\nBen Vogel,R,+49 30 1234567,2025-12-03,2025-12-10\n";
const ANNA: &str = "Name,Reference,Start,End\nAnna Groß,R,2026-06-03,2026-06-10\n";

/// An eSIM with this status, whose traveller leaves soon.
async fn sold(status: &str, list: &str) -> (tempfile::TempDir, Arc<Store>) {
    let (dir, store) = store(&[]).await;
    becomes(&store, OLD, status, NOW / 1000 - 3 * 86_400).await;
    take(&store, list).await;
    (dir, store)
}

fn sets_nothing(proposals: &[Proposal]) -> bool {
    let same = |one: &Proposal| one.row.change == Some(booking::LineChange::Same);
    proposals.iter().all(|one| same(one) && one.set.is_empty())
}

#[tokio::test]
async fn who_leaves_soon_keeps_the_esim_when_somebody_else_is_listed_for_later() {
    for status in ["NEW", "READY", "INSTALLED"] {
        let (_dir, store) = sold(status, BEN).await;
        let before = shown(&store, "old1");
        assert_eq!(owners(&proposed(&store, ANNA)), ["order of 0"], "{status}");
        take(&store, ANNA).await;
        assert_eq!(shown(&store, "old1"), before, "{status}");
        for list in [BEN, ANNA] {
            assert!(sets_nothing(&proposed(&store, list)), "{status} {list}");
        }
        becomes(&store, NEW, "NEW", NOW / 1000).await;
        assert_eq!(name(&store, "new2").as_deref(), Some("Anna Groß"));
        assert_eq!(shown(&store, "old1"), before, "{status}");
        assert!(sets_nothing(&proposed(&store, ANNA)), "{status}");
    }
}

#[tokio::test]
async fn what_somebody_wrote_at_an_esim_is_kept_as_well() {
    let (_dir, store) = sold(
        "NEW",
        "Name,ICCID,Start,End\nBen Vogel,89445012345678301111,2025-12-03,2025-12-10\n",
    )
    .await;
    let before = shown(&store, "old1");
    take(&store, ANNA).await;
    assert_eq!(shown(&store, "old1"), before);
}

#[tokio::test]
async fn both_stand_in_one_list() {
    let (_dir, store) = sold("NEW", BEN).await;
    let both = "Name,Reference,Start,End\n\
                Anna Groß,R,2026-06-03,2026-06-10\n\
                Ben Vogel,R,2025-12-03,2025-12-10\n";
    for _ in 0..2 {
        take(&store, both).await;
        assert_eq!(name(&store, "old1").as_deref(), Some("Ben Vogel"));
        assert!(sets_nothing(&proposed(&store, both)));
    }
}

#[tokio::test]
async fn a_trip_that_is_moved_stays_with_its_esim() {
    for named in [
        "Ben Vogel",
        "VOGEL/BEN MR",
        "Benn Vogel",
        "Ben",
        "Vogel",
        "B. Vogel",
        "",
    ] {
        let (_dir, store) = sold("NEW", BEN).await;
        take(
            &store,
            &format!("Name,Reference,Start,End\n{named},R,2026-06-03,2026-06-10\n"),
        )
        .await;
        let shown = shown(&store, "old1").unwrap();
        assert_eq!(shown.trip_start.as_deref(), Some("2026-06-03"), "{named}");
        assert_eq!(shown.contact, "+49 30 1234567", "{named}");
    }
}

#[tokio::test]
async fn somebody_else_on_the_same_trip_takes_the_place() {
    for days in [
        "2025-12-03,2025-12-10",
        "2025-12-08,2025-12-14",
        ",",
        "2025-11-30,",
    ] {
        let (_dir, store) = sold("NEW", BEN).await;
        take(
            &store,
            &format!("Name,Reference,Start,End\nAnna Groß,R,{days}\n"),
        )
        .await;
        assert_eq!(name(&store, "old1").as_deref(), Some("Anna Groß"), "{days}");
    }
    // Nobody knows how long a trip is whose last day is not noted.
    let (_dir, store) = sold("NEW", "Name,Reference,Start\nBen Vogel,R,2025-12-03\n").await;
    let soon = "Name,Reference,Start\nAnna Groß,R,2025-12-12\n";
    assert_eq!(owners(&proposed(&store, soon)), ["order of 1"]);
    assert_eq!(owners(&proposed(&store, ANNA)), ["order of 0"]);
}

#[tokio::test]
async fn as_many_travellers_as_esims_have_one_each_whenever_they_leave() {
    let (_dir, store) = sold("NEW", BEN).await;
    becomes(&store, NEW, "NEW", NOW / 1000).await;
    let list = "Name,Reference,Start,End\n\
                Ben Vogel,R,2025-12-03,2025-12-10\n\
                Anna Groß,R,2025-12-12,2025-12-20\n";
    assert_eq!(owners(&proposed(&store, list)), ["old1", "new2"]);
    // Others than those who are known travel later.
    take(&store, list).await;
    let others = "Name,Reference,Start,End\n\
                  Eva Sol,R,2026-06-03,2026-06-10\n\
                  Jan Lund,R,2026-06-03,2026-06-10\n";
    assert_eq!(owners(&proposed(&store, others)), ["order of 0"; 2]);
}
