//! Who travels in an everyday world: names as they stand in an agency's bookings, trips at the time of their eSIMs, and what an
//! agency writes beside. Chance of its own, so that no life changes by it.

use super::life::{Guest, Life};
use super::plan::{DAY, WorldPlan};
use crate::identity::date;
use crate::stand_in::chance::Chance;

/// So many eSIMs or more are a company's, whose people have names of their own.
const GROUP: usize = 4;

/// Families of one language: how they are called, how to reach them, and which of both comes first.
#[derive(Clone, Copy, Default)]
struct Origin {
    families: &'static [&'static str],
    given: &'static [&'static str],
    telephone: &'static str,
    family_first: bool,
}

const ORIGINS: [Origin; 13] = [
    Origin {
        families: &[
            "Müller",
            "Schäfer",
            "Großmann",
            "von Hohenfels",
            "Weiß",
            "Krämer-Lüdtke",
        ],
        given: &["Jürgen", "Anke", "Sören", "Katharina", "Björn", "Heike"],
        telephone: "+49 30 23125",
        family_first: false,
    },
    Origin {
        families: &[
            "Dubois",
            "Lefèvre",
            "Béranger",
            "Gauthier",
            "de La Rochebrune",
        ],
        given: &["Élodie", "François", "Zoé", "Benoît", "Anaïs", "Jérôme"],
        telephone: "+33 1 99 00 2",
        family_first: false,
    },
    Origin {
        families: &[
            "García Pérez",
            "Núñez",
            "Ibáñez Ortega",
            "Castaño",
            "Domínguez",
        ],
        given: &["Lucía", "Andrés", "María José", "Íñigo", "Sofía", "Raúl"],
        telephone: "+34 900 555 ",
        family_first: false,
    },
    Origin {
        families: &["Rossi", "Moretti", "D'Angelo", "Ferrari", "Caputo"],
        given: &["Giulia", "Niccolò", "Chiara", "Matteo", "Lucrezia", "Luca"],
        telephone: "+39 06 5555 ",
        family_first: false,
    },
    Origin {
        families: &["Carvalho", "Simões", "Conceição", "Magalhães", "Araújo"],
        given: &["João", "Inês", "Gonçalo", "Beatriz", "Sebastião", "Lídia"],
        telephone: "+351 21 555 ",
        family_first: false,
    },
    Origin {
        families: &[
            "O'Connor",
            "Whitfield",
            "Okafor",
            "Featherstonehaugh",
            "Smith",
        ],
        given: &[
            "Siobhán",
            "Oliver",
            "Grace",
            "Harriet",
            "Charlotte",
            "Thomas",
        ],
        telephone: "+44 20 7946 0",
        family_first: false,
    },
    Origin {
        families: &["Nowak", "Łukasiewicz", "Wójcik", "Dąbek"],
        given: &["Zofia", "Łukasz", "Małgorzata", "Paweł"],
        telephone: "+48 22 555 0",
        family_first: false,
    },
    Origin {
        families: &["Ångström", "Sjöberg", "Nyström", "Österman"],
        given: &["Åsa", "Björn", "Märta", "Göran"],
        telephone: "+46 8 465 004 ",
        family_first: false,
    },
    Origin {
        families: &["Çelik", "Yıldırım", "Öztürk", "Şahin"],
        given: &["Ayşe", "Okan", "Çağla", "İbrahim"],
        telephone: "+90 212 555 0",
        family_first: false,
    },
    Origin {
        families: &["Patel", "Sharma", "Iyer"],
        given: &["Priya", "Arjun", "Ananya", "Rohan"],
        telephone: "+91 22 5550 ",
        family_first: false,
    },
    Origin {
        families: &["佐藤", "田中", "高橋"],
        given: &["美咲", "健太", "結衣", "大輔"],
        telephone: "+81 3 5555 0",
        family_first: true,
    },
    Origin {
        families: &["陈", "李", "王"],
        given: &["思雨", "浩然", "梓涵", "俊杰"],
        telephone: "+86 10 5555 0",
        family_first: true,
    },
    Origin {
        families: &["الحسيني", "المنصوري", "الخطيب"],
        given: &["ليلى", "يوسف", "مريم", "عمر"],
        telephone: "+971 4 555 0",
        family_first: false,
    },
];

/// What an agency notes of some.
const NOTES: [&str; 8] = [
    "Hotel transfer is booked",
    "Connecting flight, lands late in the evening",
    "Second phone for the children",
    "Asked twice how to install it: send the guide",
    "Honeymoon",
    "Returning customer",
    "Wheelchair assistance at the airport",
    "Invoice goes to the employer",
];

/// Companies that send many.
const COMPANIES: [&str; 4] = [
    "Nordlicht Consulting",
    "Atelier Béranger",
    "Harbour & Finch",
    "Studio Kōya",
];

/// Names who travels, and writes the references as the agency does. Those of one order stand side by side.
pub(super) fn settle(plan: &WorldPlan, lives: &mut [Life]) {
    let mut chance = Chance::of(plan.seed, 6);
    let together =
        |one: &Life, next: &Life| one.reference.is_some() && one.reference == next.reference;
    for (serial, order) in (1..).zip(lives.chunk_by_mut(together)) {
        let party = Party::of(&mut chance, order);
        let has_reference = order.first().is_some_and(|life| life.reference.is_some());
        let reference = has_reference.then(|| party.reference(&mut chance, serial));
        for life in order {
            life.reference.clone_from(&reference);
            life.guest = Some(party.guest(&mut chance, life));
        }
    }
}

/// How somebody is called, and where that is usual.
#[derive(Clone, Copy)]
struct Family {
    origin: Origin,
    name: &'static str,
}

impl Family {
    fn of(chance: &mut Chance) -> Family {
        let origin = chance.one_of(&ORIGINS);
        Family {
            origin,
            name: chance.one_of(origin.families),
        }
    }
}

/// Who travels together.
struct Party {
    family: Family,
    /// First day of the trip, UTC seconds.
    begins: i64,
    size: usize,
}

impl Party {
    fn of(chance: &mut Chance, order: &[Life]) -> Party {
        let sold = order.first().map_or(0, Life::sold);
        let planned = sold + chance.between(DAY, 20 * DAY);
        // Who has used it was there by then.
        let used = order.iter().filter_map(|life| life.plans.first()?.period);
        Party {
            family: Family::of(chance),
            begins: used.map(|(start, _)| start).min().unwrap_or(planned),
            size: order.len(),
        }
    }

    /// As agencies write them: days, numbers, words; in the script of whoever travels.
    fn reference(&self, chance: &mut Chance, serial: u32) -> String {
        let day = date(self.begins);
        let year = day.get(..4).unwrap_or_default();
        let name = self.family.name;
        let number = 1_000 + serial;
        if self.size >= GROUP {
            let company = chance.one_of(&COMPANIES);
            return match chance.percent(30) {
                true => format!(
                    "{company}, incentive trip {year} for all departments, second week, group {number}"
                ),
                false => format!("{company} {year}/{number}"),
            };
        }
        match chance.between(0, 6) {
            0 | 1 => format!("TRIP-{}-{number}", day.replace('-', "")),
            2 => format!("ORD-{}", 100_000 + serial),
            3 => format!("{year}/{number}/{name}"),
            4 => format!("{name} {number}"),
            _ => format!("BK{number}-{}", chance.digits(3)),
        }
    }

    fn guest(&self, chance: &mut Chance, life: &Life) -> Guest {
        let family = match self.size >= GROUP {
            true => Family::of(chance),
            false => self.family,
        };
        let Family { origin, name: last } = family;
        let given = chance.one_of(origin.given);
        let days = life.plans.first().map_or(7, |plan| plan.package.days);
        let name = match origin.family_first {
            true => format!("{last} {given}"),
            false => format!("{given} {last}"),
        };
        let contact = match ascii(&format!("{given}.{last}")) {
            Some(mail) if chance.percent(60) => format!("{mail}@example.com"),
            _ => format!("{}{}", origin.telephone, chance.digits(3)),
        };
        let note = match chance.percent(20) {
            true => chance.one_of(&NOTES),
            false => "",
        };
        Guest {
            name,
            contact,
            trip: (date(self.begins), date(self.begins + days * DAY)),
            note: note.to_owned(),
        }
    }
}

/// A name as a mail address has it; `None`: it has letters that none has.
fn ascii(name: &str) -> Option<String> {
    let lower = name.to_lowercase().replace([' ', '\''], "");
    lower.is_ascii().then_some(lower)
}

/// The list that an agency writes of its bookings: whose trip is not over by the first of these times (UTC seconds), of what was
/// sold by the other one and of what is booked for the day after. A CSV with headings.
#[must_use]
pub fn booking_list(lives: &[Life], since: i64, now: i64) -> String {
    let since = date(since);
    let mut list = String::from("Booking;Traveller;Contact;Departure;Return;Note\n");
    for life in lives.iter().filter(|life| life.sold() <= now + DAY) {
        let (Some(reference), Some(guest)) = (&life.reference, &life.guest) else {
            continue;
        };
        let (first, last) = &guest.trip;
        if *last < since {
            continue;
        }
        let cells = [
            reference,
            &guest.name,
            &guest.contact,
            first,
            last,
            &guest.note,
        ];
        let cells = cells.map(|cell| format!("\"{cell}\""));
        list.push_str(&cells.join(";"));
        list.push('\n');
    }
    list
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::stand_in::world::World;

    fn world(seed: u64) -> World {
        World::of(WorldPlan {
            seed,
            begin: 1_795_737_600,
            days: 9,
            esims: 1_000,
            everyday: true,
            hurry: None,
        })
    }

    /// What nobody is called, and no agency writes.
    const ODD: [char; 9] = ['<', '>', '=', '{', '}', '\\', '"', ';', '@'];

    #[test]
    fn an_everyday_world_holds_nothing_that_somebody_could_not_be_called() {
        let world = world(7);
        let mut scripts = BTreeSet::new();
        for life in world.lives() {
            let guest = life.guest.iter().map(|guest| guest.name.as_str());
            for text in guest.chain(life.reference.as_deref()) {
                assert!(!text.contains(ODD), "{text}");
                assert!(text.chars().count() <= 100, "{text}");
                let script = |c: char| match c {
                    'à'..='ž' => Some("accents"),
                    '؀'..='ۿ' => Some("Arabic"),
                    '一'..='鿿' => Some("Chinese or Japanese"),
                    _ => None,
                };
                scripts.extend(text.chars().filter_map(script));
            }
        }
        assert_eq!(scripts.len(), 3, "{scripts:?}");
        let longest = world
            .lives()
            .iter()
            .filter_map(|life| life.reference.as_ref());
        assert!(longest.map(|text| text.chars().count()).max() > Some(60));
    }

    #[test]
    fn orders_keep_their_esims_and_no_two_have_one_reference() {
        let everyday = world(7);
        let plan = WorldPlan {
            everyday: false,
            ..everyday.plan()
        };
        let hostile = World::of(plan);
        let sizes = |world: &World| -> Vec<usize> {
            let orders = world.purchases().iter();
            orders.map(|order| order.items.len()).collect()
        };
        assert_eq!(sizes(&everyday), sizes(&hostile));
        let orders = everyday.purchases().iter();
        let references: Vec<&String> = orders
            .filter(|order| !order.failed)
            .filter_map(|order| order.reference.as_ref())
            .collect();
        let different: BTreeSet<&String> = references.iter().copied().collect();
        assert_eq!(references.len(), different.len());
    }

    #[test]
    fn whoever_uses_an_esim_is_on_the_trip_that_is_booked() {
        for life in world(3).lives() {
            let (Some(guest), Some((start, _))) = (&life.guest, life.plans[0].period) else {
                continue;
            };
            assert!(guest.trip.0 <= date(start), "{guest:?}");
            assert!(guest.trip.0 < guest.trip.1, "{guest:?}");
        }
    }

    #[test]
    fn a_booking_list_names_who_travels_and_who_will_be_sold_an_esim_tomorrow() {
        let world = world(7);
        let now = world.plan().begin + 3 * DAY;
        let list = booking_list(world.lives(), now, now);
        let lines: Vec<&str> = list.lines().skip(1).collect();
        assert!(lines.len() > 100, "{}", lines.len());
        let named = |life: &&Life| life.guest.is_some() && life.reference.is_some();
        let sold_later = |life: &&Life| (now + 1..=now + DAY).contains(&life.sold());
        let coming = world.lives().iter().filter(named).filter(sold_later);
        let references: Vec<&str> = coming
            .filter_map(|life| life.reference.as_deref())
            .collect();
        assert!(!references.is_empty());
        for reference in references {
            assert!(list.contains(reference), "{reference}");
        }
    }
}
