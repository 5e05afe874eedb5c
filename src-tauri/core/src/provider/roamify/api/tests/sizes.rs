//! How much of a list is asked for at once, and which lists are asked for before the first eSIM.

use super::shelf::{Query, Reply, Shelf, answer, limit, ok, rows};
use super::*;
use crate::provider::{ListSizes, NoReply};

/// An API of so many eSIMs that are installed and of 140 others, each with an order. It gives nothing like this if more than so
/// many entries of a list are asked for.
fn api(installed: usize, most: usize, too_much: Reply) -> Shelf {
    Shelf::new(move |path, query| {
        if matches!(path, "/api/esims" | "/api/esim/orders") && limit(query) > most {
            return too_much.clone();
        }
        let mut list = match path {
            "/api/esims" => {
                let mut all = rows(0, installed, "INSTALLED", query);
                all.extend(rows(installed, 40, "EXPIRED", query));
                all.extend(rows(installed + 40, 100, "NEW", query));
                all
            }
            "/api/esim/orders" => orders(installed + 140, query),
            _ => return answer(404, "{}"),
        };
        list.truncate(limit(query));
        ok(format!("[{}]", list.join(",")))
    })
}

fn orders(count: usize, query: Query<'_>) -> Vec<String> {
    let wanted = super::shelf::named(query, "status").is_none_or(|wanted| wanted == "completed");
    let order = |number| {
        format!(
            r#"{{"id":"o{number}","referenceId":"R{number}","status":"completed","items":[{{"esimId":"e{number}"}}]}}"#
        )
    };
    (0..if wanted { count } else { 0 }).map(order).collect()
}

fn known(sizes: ListSizes) -> EsimsSoFar {
    EsimsSoFar {
        sizes,
        ..EsimsSoFar::default()
    }
}

fn sizes(esims: usize, orders: usize) -> ListSizes {
    ListSizes {
        esims: Some(esims),
        orders: Some(orders),
        ..ListSizes::default()
    }
}

#[tokio::test]
async fn what_was_taken_is_asked_for_from_then_on() {
    for status in [500, 422] {
        let too_much = || answer(status, "{}");
        let shelf = api(60, 100, too_much());
        let first = shelf.open().list(&known(ListSizes::default())).await;
        let first = first.unwrap();
        assert_eq!(first.sizes, sizes(100, 100));
        assert!(first.esims.len() >= 100, "{}", first.esims.len());
        let count = shelf.asked().len();
        assert!(count <= 14, "{status}: {count}");
        // More is tried once, as there are more than that.
        shelf.open().list(&known(first.sizes)).await.unwrap();
        let asked = shelf.asked();
        let larger = asked.iter().filter(|asked| !asked.contains("limit=100"));
        assert!(
            larger.count() <= 1 && asked.len() <= 10,
            "{status}: {asked:?}"
        );
    }
}

#[tokio::test]
async fn what_is_not_full_is_not_tried_larger_and_what_is_full_is() {
    let too_much = || answer(500, "{}");
    // 170 of each.
    let shelf = api(30, 10_000, too_much());
    let listing = shelf.open().list(&known(sizes(1_000, 1_000))).await;
    assert_eq!(listing.unwrap().sizes, sizes(1_000, 1_000));
    let asked = shelf.asked();
    assert!(
        asked.iter().all(|asked| asked.contains("limit=1000")),
        "{asked:?}"
    );
    let listing = shelf.open().list(&known(sizes(100, 0))).await.unwrap();
    assert_eq!(
        (listing.sizes, listing.esims.len()),
        (sizes(1_000, 1_000), 170)
    );
    assert!(listing.esims.iter().all(|esim| esim.bought.len() == 1));
}

#[tokio::test]
async fn one_that_came_through_by_status_only_is_whole_the_next_time_too() {
    let shelf = Shelf::new(|path, query| {
        let mut all = rows(0, 600, "INSTALLED", query);
        all.extend(rows(600, 610, "EXPIRED", query));
        all.truncate(limit(query));
        match path {
            "/api/esims" if all.len() > 700 => Err(NoReply::TooSlow),
            "/api/esims" => ok(format!("[{}]", all.join(","))),
            _ => ok("[]"),
        }
    });
    let mut known = known(ListSizes::default());
    for _ in 0..2 {
        let listing = shelf.open().list(&known).await.unwrap();
        assert_eq!(listing.esims.len(), 1_210);
        known.sizes = listing.sizes;
    }
}

#[tokio::test]
async fn before_the_first_esim_as_little_is_read_as_shows_that_nothing_in_use_is_left_out() {
    // 200 of each: a round figure, which may be where the lists are cut.
    let shelf = api(60, 10_000, answer(500, "{}"));
    let none = EsimsSoFar::default();
    let mut api = shelf.open();
    let listing = api.list(&none).await.unwrap();
    assert_eq!(listing.esims.len(), 200);
    assert_eq!(
        shelf.asked(),
        [
            "/api/esims?limit=10000",
            "/api/esim/orders?limit=10000",
            "/api/esims?status=INSTALLED&limit=10000"
        ]
    );
    // That they are whole is shown afterwards.
    let rest = api.rest(&none).await.unwrap();
    assert_eq!((rest.esims.len(), rest.missing), (0, vec![]));
    assert!(shelf.asked().len() >= 9);
}

#[tokio::test]
async fn what_a_round_list_left_out_comes_once_the_others_are_read() {
    // Whatever is asked for, it gives 100: all 60 in use, and some of the others.
    let shelf = Shelf::new(|path, query| {
        let mut list = match path {
            "/api/esims" => {
                let mut all = rows(0, 60, "INSTALLED", query);
                all.extend(rows(60, 80, "NEW", query));
                all
            }
            "/api/esim/orders" => orders(140, query),
            _ => return answer(404, "{}"),
        };
        list.truncate(100);
        ok(format!("[{}]", list.join(",")))
    });
    let none = EsimsSoFar::default();
    let mut api = shelf.open();
    let listing = api.list(&none).await.unwrap();
    assert_eq!((listing.esims.len(), shelf.asked().len()), (100, 3));
    let rest = api.rest(&none).await.unwrap();
    assert_eq!(rest.esims.len(), 40);
}

#[tokio::test]
async fn of_many_in_use_that_no_list_has_those_that_end_first_are_asked_for_before_anything_else() {
    let shelf = Shelf::new(|path, query| match path {
        "/api/esims" => ok(format!("[{}]", rows(0, 1, "INSTALLED", query).join(","))),
        "/api/esim/orders" => ok("[]"),
        _ => {
            let id = super::shelf::named(query, "esimId").unwrap();
            ok(format!(r#"{{"id":"{id}","status":"INSTALLED"}}"#))
        }
    });
    // The first is in the list.
    let in_use: Vec<String> = (0..80).rev().map(|number| format!("e{number}")).collect();
    let known = EsimsSoFar {
        in_use: in_use.clone(),
        ..EsimsSoFar::default()
    };
    let mut api = shelf.open();
    let first = api.list(&known).await.unwrap();
    assert_eq!((first.esims.len(), first.in_use_left), (51, 29));
    let asked = shelf.asked();
    let alone: Vec<_> = asked
        .iter()
        .filter_map(|asked| asked.strip_prefix("/api/esim?esimId="))
        .collect();
    assert_eq!(alone, in_use[..50]);
    let rest = api.rest(&known).await.unwrap();
    assert_eq!((rest.esims.len(), rest.in_use_left), (29, 0));
}

/// A version that kept the one form alone noted the mark without it.
#[tokio::test]
async fn how_a_reference_is_written_is_part_of_the_mark_where_it_is_not_its_one_form() {
    let mark = async |reference: &'static str| {
        let shelf = Shelf::new(move |path, query| match path {
            "/api/esims" => ok(format!("[{}]", rows(0, 1, "NEW", query).join(","))),
            "/api/esim/orders" => ok(format!(
                r#"[{{"id":"o0","referenceId":"{reference}","status":"completed","items":[{{"esimId":"e0"}}]}}]"#
            )),
            _ => answer(404, "{}"),
        });
        let listing = shelf.open().list(&known(ListSizes::default())).await;
        let mut esims = listing.unwrap().esims;
        esims.pop().unwrap().mark
    };
    let plain = mark("AG-1007").await;
    assert_eq!(mark("AG-1008").await, plain);
    assert_eq!(mark("AG–1007").await, format!("{plain}|AG–1007"));
}
