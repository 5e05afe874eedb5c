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
