//! Who keeps which eSIM, and who has which of the others.

use super::*;

fn traveller(name: &str) -> Traveller {
    Traveller {
        name: name.to_owned(),
        ..Traveller::default()
    }
}

/// The rows of the eSIMs of these people, and whether each was somebody else's; the eSIMs are these people's.
fn shared(people: &[&str], esims: &[Option<&str>]) -> Vec<(i64, bool)> {
    let listed = people.iter().enumerate().map(|(at, name)| Listed {
        person: Person::of(&traveller(name)),
        place: (at, 0),
    });
    let listed: Vec<Listed> = listed.collect();
    let esims = (1..).zip(esims.iter().map(|name| name.map(traveller)));
    let shared = SharedOrder::of_people(&listed, &esims.collect::<Vec<_>>());
    let each = listed.iter().filter_map(|one| shared.all.get(&one.place));
    each.map(|one| (one.row, one.is_somebody_elses)).collect()
}

#[test]
fn who_has_an_esim_keeps_it_and_the_others_follow() {
    let esims = [Some("Anna Berg"), None, Some("Ben Berg"), None];
    let people = ["BERG BEN", "Eva", "Dan", "BERG ANNA"];
    let wanted = [(3, false), (2, false), (4, false), (1, false)];
    assert_eq!(shared(&people, &esims), wanted);
}

#[test]
fn an_esim_that_becomes_somebody_elses_is_told() {
    let esims = [Some("Anna Berg"), Some("Ben Berg")];
    assert_eq!(
        shared(&["Max Berg", "Anna Berg"], &esims),
        [(2, true), (1, false)]
    );
}

#[test]
fn of_several_esims_of_one_name_the_first_stays_with_it() {
    let esims = [Some("Anna"), Some("Anna"), Some("Ben")];
    assert_eq!(
        shared(&["Eva", "Anna", "Ben"], &esims),
        [(2, true), (1, false), (3, false)]
    );
}

#[test]
fn who_is_not_named_is_nobody_else() {
    assert_eq!(shared(&[""], &[Some("Anna")]), [(1, false)]);
}
