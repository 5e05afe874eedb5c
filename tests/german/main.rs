//! Errors driven out of the real engine and desk, over real files and ports, read in German: nothing of them is English.

#[cfg(test)]
#[cfg(target_os = "linux")]
mod disk;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod elsewhere;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod program;
#[cfg(test)]
mod upgrade;
#[cfg(test)]
mod wording;
