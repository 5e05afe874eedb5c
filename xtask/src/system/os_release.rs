//! Reads `/etc/os-release`, which tells Linux distributions apart. Format: the os-release(5) manual page.

use std::path::Path;

/// What the file says about the distribution; empty texts where it says nothing.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct OsRelease {
    /// Its own short name, such as `ubuntu`.
    pub id: String,
    /// Short names of what it descends from, nearest first.
    pub id_like: Vec<String>,
    /// The name people know, with the version.
    pub pretty_name: String,
}

/// Distributions that share a package manager and package names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Debian, Ubuntu, Mint, Pop!_OS: apt.
    Debian,
    /// Fedora and its relatives: dnf.
    Fedora,
    /// Arch, Manjaro, EndeavourOS: pacman.
    Arch,
    /// openSUSE: zypper.
    Suse,
    /// Anything else.
    Unknown,
}

impl OsRelease {
    /// Reads this machine's file, or its older sibling in `/usr/lib`. None of them: an empty description.
    pub fn of_this_machine() -> Self {
        let text = ["/etc/os-release", "/usr/lib/os-release"]
            .iter()
            .find_map(|path| std::fs::read_to_string(Path::new(path)).ok());
        // An unreadable file is no failure: the distribution is then unknown, and that has its own message.
        text.map_or_else(Self::default, |text| Self::parse(&text))
    }

    /// Understands `KEY=value` lines with or without quotes; skips what it doesn't know.
    pub fn parse(text: &str) -> Self {
        let mut release = Self::default();
        for line in text.lines() {
            let Some((key, value)) = line.trim().split_once('=') else {
                continue;
            };
            let value = value.trim_matches(['"', '\'']);
            match key {
                "ID" => release.id = value.to_ascii_lowercase(),
                "ID_LIKE" => {
                    let names = value.split_whitespace();
                    release.id_like = names.map(str::to_ascii_lowercase).collect();
                }
                "PRETTY_NAME" => value.clone_into(&mut release.pretty_name),
                _ => {}
            }
        }
        release
    }

    /// The first family that its own name or one of its ancestors belongs to.
    pub fn family(&self) -> Family {
        std::iter::once(&self.id)
            .chain(&self.id_like)
            .find_map(|name| match name.as_str() {
                "debian" | "ubuntu" => Some(Family::Debian),
                "fedora" | "rhel" | "centos" => Some(Family::Fedora),
                "arch" => Some(Family::Arch),
                name if name == "suse" || name.starts_with("opensuse") => Some(Family::Suse),
                _ => None,
            })
            .unwrap_or(Family::Unknown)
    }

    /// What to call the system when talking to its user.
    pub fn name(&self) -> &str {
        [self.pretty_name.as_str(), self.id.as_str()]
            .into_iter()
            .find(|name| !name.is_empty())
            .unwrap_or("this Linux distribution")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(text: &str) -> Family {
        OsRelease::parse(text).family()
    }

    #[test]
    fn debian_is_read_with_its_full_name() {
        let release = OsRelease::parse(
            "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nID=debian\n",
        );
        assert_eq!(release.family(), Family::Debian);
        assert_eq!(release.name(), "Debian GNU/Linux 12 (bookworm)");
    }

    #[test]
    fn a_descendant_belongs_to_its_nearest_known_ancestor() {
        assert_eq!(
            family("ID=linuxmint\nID_LIKE=\"ubuntu debian\""),
            Family::Debian
        );
        assert_eq!(family("ID=manjaro\nID_LIKE=arch"), Family::Arch);
        assert_eq!(
            family("ID=\"nobara\"\nID_LIKE='rhel centos fedora'"),
            Family::Fedora
        );
    }

    #[test]
    fn opensuse_is_known_under_all_its_names() {
        assert_eq!(
            family("ID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\""),
            Family::Suse
        );
        assert_eq!(family("ID=opensuse-leap"), Family::Suse);
    }

    #[test]
    fn an_unknown_or_empty_description_is_unknown_and_has_a_name() {
        assert_eq!(family("ID=nixos"), Family::Unknown);
        assert_eq!(family("# nothing\n\nnonsense"), Family::Unknown);
        assert_eq!(OsRelease::parse("").name(), "this Linux distribution");
        assert_eq!(OsRelease::parse("ID=nixos").name(), "nixos");
    }
}
