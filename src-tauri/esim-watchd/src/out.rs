//! Where a command writes what it found: stdout, whose reader (`head`, say) may have seen enough before the end.
//!
//! What is written then is read by nobody, which is no failure: the command goes on, and its status tells what it found.
//! On Windows such a pipe "is being closed" (232), elsewhere it is broken; both are [`io::ErrorKind::BrokenPipe`].

use std::io::{self, Write};

/// Stdout, or nothing once nobody reads it.
pub struct Out<W = io::Stdout>(Option<W>);

/// What commands write to.
pub fn stdout() -> Out {
    Out(Some(io::stdout()))
}

impl<W: Write> Out<W> {
    /// Does something with what is written to; without anybody who reads, `done` is what would have come of it.
    fn unless_gone<T>(
        &mut self,
        done: T,
        act: impl FnOnce(&mut W) -> io::Result<T>,
    ) -> io::Result<T> {
        let Some(out) = &mut self.0 else {
            return Ok(done);
        };
        match act(out) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.0 = None;
                Ok(done)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for Out<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_gone(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_gone((), W::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails with this from the first byte on.
    struct Failing(io::ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_failure_and_a_full_disk_is_one() {
        let mut gone = Out(Some(Failing(io::ErrorKind::BrokenPipe)));
        writeln!(gone, "one").unwrap();
        writeln!(gone, "two").unwrap();
        gone.flush().unwrap();
        let mut full = Out(Some(Failing(io::ErrorKind::StorageFull)));
        let kind = writeln!(full, "one").unwrap_err().kind();
        assert_eq!(kind, io::ErrorKind::StorageFull);
    }

    #[cfg(windows)]
    #[test]
    fn a_pipe_that_is_being_closed_is_one_that_nobody_reads() {
        let closing = io::Error::from_raw_os_error(232);
        assert_eq!(closing.kind(), io::ErrorKind::BrokenPipe);
    }
}
