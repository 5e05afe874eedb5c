//! The second build: the programs for Linux from the same source in another target folder, packed again, and held against the first.
//!
//! `esim-watchd` has to be the same bit for bit, or the release fails. What else differs is told, with where in the file it does.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use xshell::{Shell, cmd};

use crate::package::{self, Facts};
use crate::rust;
use crate::steps::Steps;

/// The one that has to be the same.
const SAME: &str = "esim-watchd";

/// Programs of the Linux packages.
const PROGRAMS: [&str; 2] = ["esim-watch", SAME];

/// Builds and packs again, and writes down what differs: `target/rebuild.txt`.
pub fn run(steps: &mut Steps, sh: &Shell, facts: &Facts) -> anyhow::Result<()> {
    let target = rust::second_target(&facts.target);
    steps.run("build the programs a second time", || {
        // Nothing of an earlier one may be taken over.
        fs::remove_dir_all(&target)
            .or_else(|error| match error.kind() {
                std::io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })
            .with_context(|| format!("{} can't be removed", target.display()))?;
        rust::build_the_same(sh, &facts.root, &target)
    })?;
    let second = facts.again_with(&target.join("release"));
    package::pack_for_linux(steps, sh, &second)?;
    steps.run("what differs", || {
        let mut lines = Vec::new();
        for name in PROGRAMS {
            let paths = [facts, &second].map(|facts| facts.programs.join(name));
            lines.push(compared(sh, name, &paths[0], &paths[1])?);
        }
        for name in package::packages(&second.out)? {
            let paths = [facts, &second].map(|facts| facts.out.join(&name));
            lines.push(compared(sh, &name, &paths[0], &paths[1])?);
        }
        lines.push("The setup and the .zip: packed twice from one build for Windows, which is not built again.".to_owned());
        let report = lines.join("\n") + "\n";
        eprint!("{report}");
        fs::write(facts.target.join("rebuild.txt"), &report)?;
        ensure!(
            is_same(&facts.programs.join(SAME), &second.programs.join(SAME))?,
            "{SAME} is another one when it is built again: {}",
            facts.target.join("rebuild.txt").display()
        );
        Ok(())
    })
}

fn is_same(one: &Path, two: &Path) -> anyhow::Result<bool> {
    Ok(fs::read(one)? == fs::read(two)?)
}

/// What became of one file, as a line.
fn compared(sh: &Shell, name: &str, one: &Path, two: &Path) -> anyhow::Result<String> {
    let read = |path: &Path| fs::read(path).with_context(|| path.display().to_string());
    let (first, second) = (read(one)?, read(two)?);
    let Some(difference) = Difference::of(&first, &second) else {
        return Ok(format!("{name}: the same {} bytes", first.len()));
    };
    // Only of programs; a package differs because of what is in it.
    let sections = cmd!(sh, "readelf --sections --wide {one}");
    let sections = sections.quiet().ignore_stderr().read().unwrap_or_default();
    let place = section_at(&sections, difference.first).unwrap_or("its content");
    Ok(format!(
        "{name}: DIFFERS, {} in {place}",
        difference.words()
    ))
}

/// How two files differ.
#[derive(Debug, PartialEq, Eq)]
struct Difference {
    /// The first byte that does.
    first: usize,
    /// How many do; those that one of them has more count.
    bytes: usize,
    /// What can be read there, in the first and in the second.
    texts: [String; 2],
}

impl Difference {
    /// `None`: they are the same.
    fn of(one: &[u8], two: &[u8]) -> Option<Difference> {
        let shorter = one.len().min(two.len());
        let unlike = || one.iter().zip(two).enumerate().filter(|(_, (a, b))| a != b);
        let bytes = unlike().count() + one.len().abs_diff(two.len());
        let first = unlike().next().map_or(shorter, |(at, _)| at);
        (bytes > 0).then(|| Difference {
            first,
            bytes,
            texts: [readable(one, first), readable(two, first)],
        })
    }

    fn words(&self) -> String {
        let [one, two] = &self.texts;
        format!(
            "{} bytes from {:#x} on (“{one}”, “{two}”)",
            self.bytes, self.first
        )
    }
}

/// The letters around a place, up to forty on each side.
fn readable(bytes: &[u8], at: usize) -> String {
    let letter = |byte: &&u8| (b' '..=b'~').contains(*byte);
    let (before, behind) = bytes.split_at(at.min(bytes.len()));
    let before: Vec<u8> = before
        .iter()
        .rev()
        .take(40)
        .take_while(letter)
        .copied()
        .collect();
    let behind = behind.iter().take(40).take_while(letter);
    before
        .iter()
        .rev()
        .chain(behind)
        .map(|byte| char::from(*byte))
        .collect()
}

/// The section of a program that a byte is in, out of what readelf says: `[13] .text PROGBITS address offset size …`.
fn section_at(sections: &str, at: usize) -> Option<&str> {
    sections.lines().find_map(|line| {
        let mut words = line.split_once(']')?.1.split_whitespace();
        let name = words.next()?;
        let kind = words.next()?;
        let mut number = || usize::from_str_radix(words.next()?, 16).ok();
        let (_address, offset, size) = (number()?, number()?, number()?);
        let holds = kind != "NOBITS" && (offset..offset + size).contains(&at);
        holds.then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_told_with_what_stands_there() {
        assert_eq!(Difference::of(b"same", b"same"), None);
        let difference = Difference::of(b"\0/home/a/x.rs\0", b"\0/home/b/x.rs\0!").unwrap();
        assert_eq!((difference.first, difference.bytes), (7, 2));
        assert_eq!(difference.texts, ["/home/a/x.rs", "/home/b/x.rs"]);
        let longer = Difference::of(b"ab", b"abcd").unwrap();
        assert_eq!((longer.first, longer.bytes), (2, 2));
    }

    #[test]
    fn the_section_of_a_byte_is_found() {
        let sections = "  [Nr] Name Type Address Off Size ES Flg Lk Inf Al\n  [ 1] .interp PROGBITS 0000000000000350 000350 00001c 00 A 0 0 1\n  [13] .text PROGBITS 00000000004000 004000 100000 00 AX 0 0 64\n  [30] .bss NOBITS 0000000000300000 200000 001000 00 WA 0 0 64\n";
        assert_eq!(section_at(sections, 0x4010), Some(".text"));
        assert_eq!(section_at(sections, 0x351), Some(".interp"));
        assert_eq!(section_at(sections, 0x20_0010), None);
        assert_eq!(section_at("", 0), None);
    }
}
