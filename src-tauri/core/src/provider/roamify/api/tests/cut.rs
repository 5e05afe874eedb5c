//! Lists that end at any figure: what they leave out is found, or told, and where they leave out nothing nothing is told.

use super::shelf::{Query, Shelf, answer, limit, named, ok};
use super::*;

/// How many eSIMs there are.
const COUNT: usize = 180;

/// A quarter of them is in use, and these come first.
#[derive(Clone, Copy)]
struct World {
    /// Most entries of a list of eSIMs, and of orders, whatever is asked for.
    most: (usize, usize),
    /// Of which eSIMs there is an order.
    is_ordered: fn(usize) -> bool,
    /// Whether histories tell the references.
    has_references: bool,
    /// Whether orders can be asked for by those.
    by_reference: bool,
    /// How many travel together: one reference is theirs.
    party: usize,
}

/// Nothing is left out.
const WHOLE: World = World {
    most: (usize::MAX, usize::MAX),
    is_ordered: |_| true,
    has_references: true,
    by_reference: true,
    party: 1,
};

fn status(number: usize) -> &'static str {
    match number {
        0..30 => "INSTALLED",
        30..130 => "EXPIRED",
        _ => "READY",
    }
}

/// The newest first.
fn made(number: usize) -> usize {
    1_795_000_000 - number * 1000
}

fn row(number: usize) -> String {
    let (status, made) = (status(number), made(number));
    format!(
        r#"{{"id":"e{number}","iccid":"8944500102{number:06}198","status":"{status}","createdAt":{made}}}"#
    )
}

impl World {
    fn reference(&self, number: usize) -> String {
        format!("R{}", number - number % self.party)
    }

    fn esims(&self, query: Query<'_>) -> String {
        let wanted = named(query, "status");
        let is_wanted = |number: &usize| wanted.is_none_or(|wanted| wanted == status(*number));
        let all = (0..COUNT).filter(is_wanted).map(row);
        let most = self.most.0.min(limit(query));
        format!("[{}]", all.take(most).collect::<Vec<_>>().join(","))
    }

    fn orders(&self, query: Query<'_>) -> String {
        let wanted = named(query, "referenceId").filter(|_| self.by_reference);
        let is_wanted = |number: &usize| {
            let completed = named(query, "status").is_none_or(|status| status == "completed");
            completed
                && (self.is_ordered)(*number)
                && wanted.is_none_or(|wanted| wanted == self.reference(*number))
        };
        let order = |number| {
            let (made, reference) = (made(number), self.reference(number));
            format!(
                r#"{{"id":"o{number}","referenceId":"{reference}","status":"completed","createdAt":{made},
                    "items":[{{"esimId":"e{number}","package":"P{number}"}}]}}"#
            )
        };
        let all = (0..COUNT).filter(is_wanted).map(order);
        let most = self.most.1.min(limit(query));
        format!("[{}]", all.take(most).collect::<Vec<_>>().join(","))
    }

    fn shelf(self) -> Shelf {
        Shelf::new(move |path, query| match path {
            "/api/esims" => ok(self.esims(query)),
            "/api/esim/orders" => ok(self.orders(query)),
            "/api/esim" => {
                let id = named(query, "esimId").unwrap();
                ok(row(id.strip_prefix('e').unwrap().parse().unwrap()))
            }
            "/api/esim/event" => {
                let id = named(query, "esimId").unwrap();
                let reference = id.strip_prefix('e').filter(|_| self.has_references);
                let reference = reference.map(|number| self.reference(number.parse().unwrap()));
                let reference = reference.unwrap_or_default();
                ok(format!(r#"{{"referenceId":"{reference}","events":[]}}"#))
            }
            _ => answer(404, "{}"),
        })
    }
}

/// What a catch-up found.
struct Found {
    esims: BTreeSet<String>,
    /// Those that were named by the way before they were found.
    named: BTreeSet<String>,
    /// Of how many a package is told.
    packages: usize,
    missing: Vec<ApiError>,
    /// What was asked for, but for what is asked of each eSIM.
    lists: Vec<String>,
    sizes: ListSizes,
}

async fn catch_up(world: World, known: &EsimsSoFar) -> Found {
    let shelf = world.shelf();
    let mut api = shelf.open();
    let first = api.list(known).await.unwrap();
    let (mut esims, mut packages, mut missing) = (BTreeSet::new(), 0, first.missing);
    let mut named_first = BTreeSet::new();
    let mut tell = async |api: &mut Box<dyn Api>, listed: &[ListedEsim]| {
        for esim in listed {
            let told = api.esim(esim, &EsimSoFar::default()).await.unwrap();
            named_first.extend(told.named);
            let bodies = told.bodies.iter();
            let mut texts = bodies.map(|body| String::from_utf8_lossy(body).into_owned());
            let package = format!("P{}", esim.esim_id.strip_prefix('e').unwrap());
            packages += usize::from(texts.any(|text| text.contains(&package)));
            esims.insert(esim.esim_id.clone());
        }
    };
    tell(&mut api, &first.esims).await;
    let mut rest = api.rest(known).await.unwrap();
    while !rest.esims.is_empty() || !rest.missing.is_empty() {
        tell(&mut api, &rest.esims).await;
        missing.extend(rest.missing);
        rest = api.named(known).await.unwrap();
    }
    let ending = api.ending();
    missing.extend(
        ending
            .missing
            .into_iter()
            .filter(|error| *error != ApiError::NotFound(Asking::Usage)),
    );
    let mut lists = shelf.asked();
    lists.retain(|asked| asked.starts_with("/api/esims") || asked.starts_with("/api/esim/orders"));
    Found {
        esims,
        named: named_first,
        packages,
        missing,
        lists,
        sizes: ending.sizes,
    }
}

/// What is known after that.
fn known(found: &Found, ordered: usize) -> EsimsSoFar {
    let number = |id: &String| id.strip_prefix('e').unwrap().parse::<usize>().unwrap();
    let (in_use, others) = found.esims.iter().cloned().partition(|id| number(id) < 30);
    EsimsSoFar {
        in_use,
        others,
        ordered: (0..ordered).map(|number| format!("e{number}")).collect(),
        sizes: found.sizes,
        ..EsimsSoFar::default()
    }
}

#[tokio::test]
async fn that_a_list_is_whole_takes_some_requests_once_and_two_if_it_grows() {
    let first = catch_up(WHOLE, &EsimsSoFar::default()).await;
    assert_eq!((first.packages, first.missing.len()), (COUNT, 0));
    assert_eq!(first.lists.len(), 5, "{:?}", first.lists);
    let second = catch_up(WHOLE, &known(&first, COUNT)).await;
    assert_eq!(second.lists.len(), 2, "{:?}", second.lists);
    let mut fewer = known(&first, COUNT);
    fewer.sizes.whole = Some(COUNT - 1);
    let third = catch_up(WHOLE, &fewer).await;
    assert_eq!((third.lists.len(), third.sizes.whole), (4, Some(COUNT)));
}

#[tokio::test]
async fn orders_that_a_cut_list_leaves_out_are_found_by_reference() {
    for most in [20, 120, 25] {
        let world = World {
            most: (usize::MAX, most),
            ..WHOLE
        };
        let first = catch_up(world, &EsimsSoFar::default()).await;
        assert_eq!((first.packages, &first.missing), (COUNT, &vec![]), "{most}");
        // Each once.
        assert_eq!(first.lists.len(), 6 + COUNT - most);
        // What is known is not asked for again.
        let second = catch_up(world, &known(&first, COUNT)).await;
        assert_eq!((second.lists.len(), second.missing.len()), (2, 0));
    }
}

#[tokio::test]
async fn orders_of_which_nobody_can_tell_whether_they_are_left_out_are_told_once() {
    for (has_references, by_reference) in [(false, true), (true, false)] {
        let world = World {
            most: (usize::MAX, 20),
            has_references,
            by_reference,
            ..WHOLE
        };
        let first = catch_up(world, &EsimsSoFar::default()).await;
        assert_eq!(first.missing, [ApiError::Unordered(160)]);
        assert!(first.lists.len() <= 7, "{:?}", first.lists);
        let second = catch_up(world, &known(&first, 20)).await;
        assert_eq!((second.lists.len(), second.missing.len()), (2, 0));
    }
}

#[tokio::test]
async fn of_esims_that_were_sold_otherwise_or_whose_orders_are_no_more_nothing_is_told() {
    let few: fn(usize) -> bool = |number| number % 30 != 7;
    let old: fn(usize) -> bool = |number| number < 90;
    for (is_ordered, has_references) in [(few, true), (few, false), (old, true)] {
        let world = World {
            is_ordered,
            has_references,
            ..WHOLE
        };
        let first = catch_up(world, &EsimsSoFar::default()).await;
        assert_eq!(first.missing, []);
        assert!(first.lists.len() <= 8, "{:?}", first.lists);
        let mut known = known(&first, COUNT);
        known
            .ordered
            .retain(|id| is_ordered(id[1..].parse().unwrap()));
        let second = catch_up(world, &known).await;
        assert_eq!((second.lists.len(), second.missing.len()), (2, 0));
    }
}

#[tokio::test]
async fn a_list_of_esims_that_is_cut_is_asked_by_status_wherever_it_ends() {
    for most in [10, 33, 40, 170] {
        let world = World {
            most: (most, most),
            ..WHOLE
        };
        let found = catch_up(world, &EsimsSoFar::default()).await;
        let by_status = [30, 100, 50].map(|count: usize| count.min(most));
        assert_eq!(found.esims.len(), by_status.iter().sum::<usize>(), "{most}");
        let is_told = found.missing.contains(&ApiError::Cut(Asking::Esims));
        assert_eq!(is_told, most < 100, "{most}: {:?}", found.missing);
        assert_eq!(found.sizes.whole, None);
    }
}

#[tokio::test]
async fn that_those_in_no_order_may_be_left_out_is_told_once_where_orders_name_all_others() {
    let world = World {
        most: (50, usize::MAX),
        is_ordered: |number| !(120..130).contains(&number),
        ..WHOLE
    };
    let first = catch_up(world, &EsimsSoFar::default()).await;
    assert_eq!(first.missing, [ApiError::Unlisted]);
    assert_eq!(first.esims.len(), COUNT - 10);
    let second = catch_up(world, &known(&first, COUNT)).await;
    assert_eq!(second.missing, []);
}

#[tokio::test]
async fn esims_that_an_order_names_which_only_a_reference_leads_to_are_asked_for() {
    // The first of each party is in a list that ends there, the others are in none.
    let world = World {
        most: (40, 20),
        party: 50,
        ..WHOLE
    };
    let found = catch_up(world, &EsimsSoFar::default()).await;
    let together =
        |first: usize| (first..first + 20).all(|one| found.esims.contains(&format!("e{one}")));
    assert!([50, 100].into_iter().all(together), "{:?}", found.esims);
    assert!(found.missing.contains(&ApiError::Cut(Asking::Esims)));
    assert!(found.named.is_subset(&found.esims) && found.named.len() >= 20);
    // None is asked for twice.
    let count = found.lists.len();
    let once: BTreeSet<&String> = found.lists.iter().collect();
    assert_eq!(once.len(), count, "{:?}", found.lists);
}
