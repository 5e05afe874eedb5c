//! What a system does with processes: starts them so that they end with the tests, asks them to end, kills them.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub use self::unix::{ask_to_end, hang_up, in_its_own_group};
#[cfg(unix)]
pub(crate) use self::unix::{bound, kill_group, suspend};
#[cfg(windows)]
pub use self::windows::{ask_to_end, in_its_own_group};
#[cfg(windows)]
pub(crate) use self::windows::{bound, kill_group};
