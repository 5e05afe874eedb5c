//! Names that look like the real ones: ICCIDs with a right check digit, UUIDs, order references as
//! agencies write them, dates.
//!
//! Knows nothing of events: what carries these names is decided elsewhere.

use rand::rngs::StdRng;
use rand::{Rng, RngExt};

use super::deck::{Deck, pick};

const DAY: i64 = 86_400;

/// Major industry identifier 89 (telecommunications), country code, issuer.
const ISSUERS: [&str; 5] = ["8944500", "8933150", "8985203", "8937211", "8910170"];

const NAMES: [&str; 32] = [
    "ROSSI",
    "MUELLER",
    "GARCIA",
    "DUBOIS",
    "JANSEN",
    "NOWAK",
    "SILVA",
    "PAPADOPOULOS",
    "KOWALSKI",
    "NIELSEN",
    "Müller",
    "Łukasiewicz",
    "García-Pérez",
    "O'Connor",
    "Nguyễn",
    "Zoë & Tom",
    "佐藤",
    "Ångström",
    "Þórsdóttir",
    "Çelik",
    "D'Angelo",
    "van der Berg",
    "SMITH",
    "TANAKA",
    "PATEL",
    "OKAFOR",
    "HANSEN",
    "WEBER",
    "MORETTI",
    "LEFEBVRE",
    "Иванова",
    "김민지",
];

/// Who or what an eSIM is known by.
#[derive(Debug, Clone, Default)]
pub(super) struct Identity {
    /// A UUID (version 4).
    pub(super) esim_id: String,
    /// 19 or 20 digits, the last by Luhn.
    pub(super) iccid: String,
    /// The order reference, if the agency gave one.
    pub(super) reference: Option<String>,
}

/// How an order reference is written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Reference {
    #[default]
    Trip,
    Number,
    Words,
    Folder,
    RightToLeft,
    VeryLong,
    Markup,
    Formula,
    Absent,
}

impl Reference {
    /// Mostly plain ones; each odd one once in 24 orders.
    pub(super) fn deck() -> Deck<Self> {
        Deck::new(&[
            (11, Self::Trip),
            (3, Self::Number),
            (2, Self::Words),
            (2, Self::Folder),
            (1, Self::RightToLeft),
            (1, Self::VeryLong),
            (1, Self::Markup),
            (1, Self::Formula),
            (2, Self::Absent),
        ])
    }

    /// The reference of the order with this serial number, for a trip that begins at `trip`
    /// (seconds since the epoch). At most 200 characters.
    pub(super) fn write(self, rng: &mut StdRng, serial: u32, trip: i64) -> Option<String> {
        let name = pick(rng, &NAMES);
        let day = date(trip);
        let compact = day.replace('-', "");
        let year = day.get(..4).unwrap_or_default();
        Some(match self {
            // Two Rossis may travel on the same day; in a long run they must not become one order.
            Self::Trip if serial > 200 => format!("TRIP-{compact}-{name}-{serial}"),
            Self::Trip => format!("TRIP-{compact}-{name}"),
            Self::Number => format!("ORD-{}", 100_000 + serial),
            Self::Words => format!("{name}, Gruppe {serial}"),
            Self::Folder => format!("{year}/{serial:05}/{name}"),
            Self::RightToLeft => format!("رحلة عائلة الحسيني – {serial} – טיול"),
            Self::VeryLong => {
                let text = format!("Incentive {year} no. {serial}, all participants of {name}, ");
                text.chars().cycle().take(200).collect()
            }
            Self::Markup => format!("<script>alert('{serial}')</script> & <b>{name}</b>"),
            Self::Formula => format!("=HYPERLINK(\"http://example.com/{serial}\",\"{name}\")"),
            Self::Absent => return None,
        })
    }
}

/// An ICCID that no other `serial` (below 1,000,000) gets: 19 digits, or 20 for every third.
pub(super) fn iccid(rng: &mut StdRng, serial: u32) -> String {
    let issuer = pick(rng, &ISSUERS);
    let digits = if serial % 3 == 2 { 6 } else { 5 };
    let random = rng.random_range(0..10_u32.pow(digits));
    let width = digits as usize;
    let body = format!("{issuer}{serial:06}{random:0width$}");
    let check = luhn(&body);
    format!("{body}{check}")
}

/// The check digit that makes `body` followed by it valid (ISO/IEC 7812-1, annex B).
pub(super) fn luhn(body: &str) -> u32 {
    let digits = body.chars().rev().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits
        .enumerate()
        .map(|(place, digit)| match digit * 2 {
            doubled if place % 2 == 0 => doubled / 10 + doubled % 10,
            _ => digit,
        })
        .sum();
    (10 - sum % 10) % 10
}

/// A random UUID (RFC 9562, version 4).
pub(super) fn uuid(rng: &mut StdRng) -> String {
    let high = rng.next_u64();
    let low = rng.next_u64();
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}

/// The UTC date of `epoch` seconds as `YYYY-MM-DD`. Counts whole eras of 400 years from
/// 0000-03-01, so that a leap day is always a year's last.
pub(super) fn date(epoch: i64) -> String {
    let days = epoch.div_euclid(DAY) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use rand::SeedableRng;

    use super::*;

    #[test]
    fn check_digits_are_those_of_known_numbers() {
        assert_eq!(luhn("7992739871"), 3); // the usual worked example
        assert_eq!(luhn("453914880343646"), 7); // a published test card number
    }

    #[test]
    fn iccids_differ_and_have_19_or_20_digits() {
        let mut rng = StdRng::seed_from_u64(3);
        let all: HashSet<String> = (0..2000).map(|serial| iccid(&mut rng, serial)).collect();
        assert_eq!(all.len(), 2000);
        let lengths: HashSet<usize> = all.iter().map(String::len).collect();
        assert_eq!(lengths, HashSet::from([19, 20]));
    }

    #[test]
    fn uuids_have_their_version_and_variant() {
        let mut rng = StdRng::seed_from_u64(3);
        for _ in 0..100 {
            let uuid = uuid(&mut rng);
            assert_eq!(uuid.len(), 36, "{uuid}");
            assert_eq!(&uuid[14..15], "4", "{uuid}");
            assert!("89ab".contains(&uuid[19..20]), "{uuid}");
        }
    }

    #[test]
    fn dates_are_right_around_leap_days_and_year_ends() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(-1), "1969-12-31");
        assert_eq!(date(951_782_400), "2000-02-29");
        assert_eq!(date(1_709_164_800), "2024-02-29");
        assert_eq!(date(1_795_737_600), "2026-11-27");
        assert_eq!(date(1_798_761_599), "2026-12-31");
    }

    #[test]
    fn references_are_at_most_200_characters_and_the_longest_has_them() {
        let mut rng = StdRng::seed_from_u64(3);
        let mut deck = Reference::deck();
        let written: Vec<String> = (0..240)
            .filter_map(|serial| deck.draw(&mut rng).write(&mut rng, serial, 1_795_737_600))
            .collect();
        assert_eq!(
            written.iter().map(|text| text.chars().count()).max(),
            Some(200)
        );
        assert!(
            written
                .iter()
                .any(|text| text.starts_with("TRIP-20261127-"))
        );
        assert!(written.iter().any(|text| text.starts_with("<script>")));
    }
}
