//! Tests of what can be set, and of reading what other versions wrote.

mod bounds;

use super::*;

#[test]
fn defaults_record_and_show_everything_and_let_only_what_is_critical_break_the_quiet() {
    let settings = AlertSettings::default();
    assert_eq!(settings.check(), Ok(()));
    let breaks: Vec<Rule> = Rule::ALL
        .iter()
        .copied()
        .filter(|rule| settings.of(*rule).breaks_quiet)
        .collect();
    assert_eq!(
        breaks,
        [
            Rule::Revoked,
            Rule::BalanceInsufficient,
            Rule::NoEvents,
            Rule::ListenerDown,
            Rule::TunnelDown,
            Rule::StorageFailing
        ]
    );
    for rule in Rule::ALL {
        assert!(settings.of(*rule).enabled && settings.of(*rule).notify);
    }
}

#[test]
fn what_is_set_for_a_rule_counts() {
    let mut settings = AlertSettings::default();
    let quieter = RuleSetting {
        enabled: true,
        notify: false,
        breaks_quiet: false,
    };
    settings.rules.insert(Rule::Revoked, quieter);
    assert_eq!(settings.of(Rule::Revoked), quieter);
}

#[test]
fn settings_survive_their_json() {
    let mut settings = AlertSettings {
        data_low_percent: 10,
        quiet: Some(Quiet {
            from_minute: 1320,
            to_minute: 420,
        }),
        muted_until: Some(1_764_230_400),
        ..AlertSettings::default()
    };
    let default = settings.of(Rule::Expired);
    settings.rules.insert(Rule::Expired, default);
    let json = serde_json::to_string(&settings).unwrap();
    assert!(
        json.contains(r#""rules":{"expired":{"enabled":true,"notify":true,"breaksQuiet":false}}"#)
    );
    assert_eq!(
        serde_json::from_str::<AlertSettings>(&json).unwrap(),
        settings
    );
}

#[test]
fn what_an_older_or_newer_version_wrote_is_read() {
    let read = |json: &str| serde_json::from_str::<AlertSettings>(json).unwrap();
    assert_eq!(read("{}"), AlertSettings::default());
    let newer = read(
        r#"{"noEventHours":8,"moonPhase":3,"rules":{"moonRises":{"enabled":true,"notify":true,"breaksQuiet":true},"dataLow":{"enabled":false,"notify":false,"breaksQuiet":false}}}"#,
    );
    assert_eq!(newer.no_event_hours, 8);
    assert_eq!(newer.rules.len(), 1);
    assert!(!newer.of(Rule::DataLow).enabled);
}

#[test]
fn numbers_out_of_their_bounds_are_refused_with_the_bounds() {
    let refused = |change: fn(&mut AlertSettings)| {
        let mut settings = AlertSettings::default();
        change(&mut settings);
        settings.check().unwrap_err().to_string()
    };
    for (text, expected) in [
        (
            refused(|s| s.expires_soon_hours = 169),
            "The first warning before an eSIM expires must be from 2 to 168 hours.",
        ),
        (
            refused(|s| s.expires_very_soon_hours = 0),
            "The last warning before an eSIM expires must be from 1 to 72 hours.",
        ),
        (
            refused(|s| s.expires_very_soon_hours = 24),
            "The last warning before an eSIM expires must come later than the first one.",
        ),
        (
            refused(|s| s.data_low_percent = 0),
            "The limit for low data must be from 1 to 90 percent.",
        ),
        (
            refused(|s| s.not_installed_hours = 337),
            "The warning before a trip without an installed eSIM must be from 1 to 336 hours.",
        ),
        (
            refused(|s| s.not_installed_days = 91),
            "The warning after an order without an installed eSIM must be from 1 to 90 days.",
        ),
        (
            refused(|s| s.no_event_hours = 4),
            "The wait for events must be from 5 to 168 hours.",
        ),
        (
            refused(|s| s.refusals_per_hour = 0),
            "The limit for refused deliveries must be from 1 to 200 an hour.",
        ),
        (
            refused(|s| {
                s.quiet = Some(Quiet {
                    from_minute: 420,
                    to_minute: 420,
                });
            }),
            "Quiet hours must start and end at two different times of the day.",
        ),
        (
            refused(|s| {
                s.quiet = Some(Quiet {
                    from_minute: 0,
                    to_minute: 1440,
                });
            }),
            "Quiet hours must start and end at two different times of the day.",
        ),
    ] {
        assert_eq!(text, expected);
    }
}
