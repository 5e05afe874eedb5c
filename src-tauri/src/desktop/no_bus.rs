//! Stands for the session bus where there is none: on Windows and macOS.

/// No bus.
#[derive(Debug, Clone)]
pub enum Bus {}

impl Bus {
    /// None.
    ///
    /// # Errors
    /// Always.
    pub async fn open() -> Result<Bus, &'static str> {
        Err("this system has no session bus")
    }
}
