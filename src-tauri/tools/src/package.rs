//! What a traveller can buy: data for some days in some place. Knows nothing of who bought it.

/// What can be bought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) place: &'static str,
    /// Days from activation to the end.
    pub(super) days: i64,
    /// Hundredths of a MB; none if unlimited.
    pub(super) allowed: Option<i64>,
    /// Minutes; the same number of text messages comes with them.
    pub(super) voice: i64,
}

impl Package {
    const fn limited(names: [&'static str; 3], days: i64, gigabytes: i64, voice: i64) -> Self {
        let allowed = Some(gigabytes * 1024 * 100);
        Self {
            allowed,
            voice,
            ..Self::unlimited(names, days)
        }
    }

    const fn unlimited([id, name, place]: [&'static str; 3], days: i64) -> Self {
        Self {
            id,
            name,
            place,
            days,
            allowed: None,
            voice: 0,
        }
    }
}

/// Shortest first.
pub(super) const PACKAGES: [Package; 9] = [
    Package::limited(
        ["esim-turkey-1days-1gb-all", "1 GB - 1 Day", "Türkiye"],
        1,
        1,
        0,
    ),
    Package::unlimited(["esim-italy-1days-ul-all", "Unlimited - 1 Day", "Italy"], 1),
    Package::limited(
        ["esim-france-3days-1gb-all", "1 GB - 3 Days", "France"],
        3,
        1,
        0,
    ),
    Package::limited(
        ["esim-usa-3days-3gb-all", "3 GB - 3 Days", "United States"],
        3,
        3,
        30,
    ),
    Package::limited(
        ["esim-japan-7days-3gb-all", "3 GB - 7 Days", "Japan"],
        7,
        3,
        0,
    ),
    Package::unlimited(
        [
            "esim-thailand-7days-ul-all",
            "Unlimited - 7 Days",
            "Thailand",
        ],
        7,
    ),
    Package::limited(
        ["esim-portugal-15days-5gb-all", "5 GB - 15 Days", "Portugal"],
        15,
        5,
        0,
    ),
    Package::limited(
        ["esim-europe-30days-10gb-all", "10 GB - 30 Days", "Europe"],
        30,
        10,
        60,
    ),
    Package::limited(
        ["esim-world-30days-20gb-all", "20 GB - 30 Days", "Global"],
        30,
        20,
        0,
    ),
];
