//! The session bus where there is one: on a Linux desktop.

#[cfg(target_os = "linux")]
pub use esim_watch_freedesktop::Bus;

/// Stands for it on Windows and macOS, where there is none.
#[cfg(not(target_os = "linux"))]
#[derive(Debug, Clone)]
pub enum Bus {}

#[cfg(not(target_os = "linux"))]
impl Bus {
    /// None.
    ///
    /// # Errors
    /// Always.
    pub async fn open() -> Result<Bus, &'static str> {
        Err("this system has no session bus")
    }
}
