//! Who travels in an everyday world: names as they stand in an agency's bookings, trips at the time of their eSIMs, and what an
//! agency writes beside. Chance of its own, so that no life changes by it.

use super::life::Life;
use super::plan::{DAY, WorldPlan};
use crate::identity::date;
use crate::stand_in::chance::Chance;

/// Orders with so many eSIMs or more are booked in the name of one of the party.
const GROUP: usize = 4;

/// One who travels with an eSIM, as an agency knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// The whole name.
    pub name: String,
    /// A mail address or a telephone number, of ranges that nobody has.
    pub contact: String,
    /// First and last day, `YYYY-MM-DD`.
    pub trip: (String, String),
    /// Anything else.
    pub note: String,
}

/// Families of one language: how they are called, how to reach them, and which of both comes first.
#[derive(Clone, Copy, Default)]
struct Origin {
    families: &'static [&'static str],
    given: &'static [&'static str],
    telephone: &'static str,
    family_first: bool,
}

const ORIGINS: [Origin; 10] = [
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
        given: &["Giulia", "Niccolò", "Chiara", "Matteo", "Désirée", "Luca"],
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
            "Patel",
            "Featherstonehaugh",
            "Smith",
        ],
        given: &[
            "Siobhán",
            "Oliver",
            "Adaeze",
            "Priya",
            "Charlotte",
            "Thomas",
        ],
        telephone: "+44 20 7946 0",
        family_first: false,
    },
    Origin {
        families: &[
            "Nowak",
            "Łukasiewicz",
            "Dvořák",
            "Szabó",
            "Þórsdóttir",
            "Ångström",
        ],
        given: &["Zofia", "Přemysl", "Ágnes", "Łukasz", "Guðrún", "Åsa"],
        telephone: "+46 8 465 004 ",
        family_first: false,
    },
    Origin {
        families: &["佐藤", "田中", "김", "陈", "李"],
        given: &["美咲", "健太", "민지", "思雨", "浩然", "結衣"],
        telephone: "+81 3 5555 0",
        family_first: true,
    },
    Origin {
        families: &["الحسيني", "المنصوري", "الخطيب"],
        given: &["ليلى", "يوسف", "مريم", "عمر"],
        telephone: "+971 4 555 0",
        family_first: false,
    },
    Origin {
        families: &["Çelik", "Papadopoulos", "Петрова", "Nguyễn", "Yıldırım"],
        given: &["Ayşe", "Ελένη", "Анна", "Thảo", "Okan", "Maria"],
        telephone: "+30 21 0555 ",
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
    let mut serial = 0;
    let together =
        |one: &Life, next: &Life| one.reference.is_some() && one.reference == next.reference;
    for order in lives.chunk_by_mut(together) {
        serial += 1;
        let party = Party::of(&mut chance, order);
        let has_reference = order.first().is_some_and(|life| life.reference.is_some());
        let reference = has_reference.then(|| party.reference(&mut chance, serial));
        // Of the group one is known, and so is everybody's trip.
        let is_group = order.len() >= GROUP;
        for (place, life) in order.iter_mut().enumerate() {
            life.reference.clone_from(&reference);
            life.guest = (place == 0 || !is_group).then(|| party.guest(&mut chance, life));
        }
    }
}

/// Who travels together.
struct Party {
    origin: Origin,
    family: &'static str,
    /// First day of the trip, UTC seconds.
    begins: i64,
    size: usize,
}

impl Party {
    fn of(chance: &mut Chance, order: &[Life]) -> Party {
        let origin = chance.one_of(&ORIGINS);
        let sold = order.first().map_or(0, Life::sold);
        let planned = sold + chance.between(DAY, 20 * DAY);
        // Who has used it was there by then.
        let used = order.iter().filter_map(|life| life.plans.first()?.period);
        Party {
            origin,
            family: chance.one_of(origin.families),
            begins: used.map(|(start, _)| start).min().unwrap_or(planned),
            size: order.len(),
        }
    }

    /// As agencies write them: days, numbers, words; in the script of whoever travels.
    fn reference(&self, chance: &mut Chance, serial: u32) -> String {
        let day = date(self.begins);
        let year = day.get(..4).unwrap_or_default();
        let name = self.family;
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
        let given = chance.one_of(self.origin.given);
        let days = life.plans.first().map_or(7, |plan| plan.package.days);
        let name = match self.origin.family_first {
            true => format!("{} {given}", self.family),
            false => format!("{given} {}", self.family),
        };
        let contact = match ascii(&format!("{given}.{}", self.family)) {
            Some(mail) if chance.percent(60) => format!("{mail}@example.com"),
            _ => format!("{}{}", self.origin.telephone, chance.digits(3)),
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

/// The list that an agency writes of its bookings: who travels or will, of what was sold by then, and of what is booked for the
/// next day. A CSV with headings.
#[must_use]
pub fn booking_list(lives: &[Life], now: i64) -> String {
    let today = date(now);
    let mut list = String::from("Booking;Traveller;Contact;Departure;Return;Note\n");
    for life in lives.iter().filter(|life| life.sold() <= now + DAY) {
        let (Some(reference), Some(guest)) = (&life.reference, &life.guest) else {
            continue;
        };
        let (first, last) = &guest.trip;
        if *last < today {
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
        let list = booking_list(world.lives(), now);
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
