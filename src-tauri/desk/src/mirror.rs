//! Enums of the window that are one to one with enums of core.

/// Declares an enum with the variants of one of core's, and both ways between them. A variant that core adds does not
/// compile here until it is listed.
macro_rules! mirrored {
    ($(#[$attribute:meta])* $name:ident of $core:path { $($(#[$doc:meta])* $variant:ident,)+ }) => {
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, specta::Type,
        )]
        $(#[$attribute])*
        #[serde(rename_all = "camelCase")]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// Every one of them, in order.
            pub const ALL: &[$name] = &[$($name::$variant,)+];
        }

        impl From<$core> for $name {
            fn from(core: $core) -> $name {
                type Core = $core;
                match core {
                    $(Core::$variant => $name::$variant,)+
                }
            }
        }

        impl From<$name> for $core {
            fn from(view: $name) -> $core {
                type Core = $core;
                match view {
                    $($name::$variant => Core::$variant,)+
                }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use esim_watch_core::{alert, catalogue};

    use crate::alert_settings::NumberSetting;
    use crate::alerts::Rule;
    use crate::preferences::Language;

    /// What is mirrored is complete, or it would not compile.
    #[test]
    fn the_lists_of_core_have_everything() {
        let rules: Vec<Rule> = alert::Rule::ALL.iter().map(|rule| (*rule).into()).collect();
        assert_eq!(rules, Rule::ALL);
        let numbers = alert::SettingsNumber::ALL.map(NumberSetting::from);
        assert_eq!(numbers, NumberSetting::ALL);
        assert_eq!(catalogue::LANGUAGES.map(Language::from), Language::ALL);
    }
}
