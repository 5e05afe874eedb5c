//! Errors driven out of the real engine and desk, over real files and ports, read in German: nothing of them is English.

#[cfg(test)]
mod errors;
#[cfg(test)]
mod program;
#[cfg(test)]
mod wording;
