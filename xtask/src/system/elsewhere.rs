//! Systems on which nothing is installed for the user: what is missing is named, with the command that
//! brings it. Package names are those of the distributions' own repositories.

use anyhow::bail;
use xshell::{Shell, cmd};

use super::os_release::{Family, OsRelease};
use super::{Purpose, has_library, has_program};

/// How a requirement is recognised on a Linux system whose packages we don't query.
enum Sign {
    Program(&'static str),
    Library(&'static str),
}

const TO_RUN: [(Sign, &str); 4] = [
    (Sign::Program("cc"), "a C compiler (cc)"),
    (Sign::Program("pkg-config"), "pkg-config"),
    (
        Sign::Library("webkit2gtk-4.1"),
        "WebKitGTK's development files (webkit2gtk-4.1)",
    ),
    (
        Sign::Library("dbus-1"),
        "D-Bus's development files (dbus-1)",
    ),
];

const TO_TEST: [(Sign, &str); 10] = [
    (Sign::Program("Xvfb"), "a virtual display (Xvfb)"),
    (Sign::Program("dbus-daemon"), "a message bus (dbus-daemon)"),
    (Sign::Program("dunst"), "a notification server (dunst)"),
    (
        Sign::Program("gnome-keyring-daemon"),
        "a keyring (gnome-keyring)",
    ),
    (
        Sign::Program("xfce4-panel"),
        "a panel with a tray (xfce4-panel)",
    ),
    (Sign::Program("xfwm4"), "a window manager (xfwm4)"),
    (Sign::Program("weston"), "a Wayland compositor (weston)"),
    (
        Sign::Program("wl-paste"),
        "a Wayland clipboard's programs (wl-clipboard)",
    ),
    (
        Sign::Program("WebKitWebDriver"),
        "WebKitGTK's driver (WebKitWebDriver)",
    ),
    (Sign::Program("import"), "ImageMagick (import)"),
];

/// Goes on when everything is there; otherwise says what is missing and how to get it.
pub fn prepare_linux(
    sh: &Shell,
    release: &OsRelease,
    family: Family,
    purpose: Purpose,
) -> anyhow::Result<()> {
    let for_tests = TO_TEST.iter().filter(|_| purpose == Purpose::Test);
    let missing: Vec<&str> = TO_RUN
        .iter()
        .chain(for_tests)
        .filter(|(sign, _)| !is_there(sh, sign))
        .map(|(_, name)| *name)
        .collect();
    if missing.is_empty() {
        eprintln!(
            "Everything that is needed from {} is there.",
            release.name()
        );
        return Ok(());
    }
    bail!(
        "missing on {}: {}.\n{}",
        release.name(),
        missing.join(", "),
        advice(family, purpose)
    )
}

fn is_there(sh: &Shell, sign: &Sign) -> bool {
    match sign {
        Sign::Program(name) => has_program(name),
        Sign::Library(name) => has_library(sh, name),
    }
}

/// The command to type, or, on a distribution we have no names for, what to look for.
fn advice(family: Family, purpose: Purpose) -> String {
    let (command, to_run, to_test) = match family {
        Family::Fedora => (
            "sudo dnf install",
            "gcc gcc-c++ make pkgconf-pkg-config webkit2gtk4.1-devel dbus-devel",
            "xorg-x11-server-Xvfb dbus-daemon dunst gnome-keyring xfce4-panel xfwm4 weston wl-clipboard ImageMagick /usr/bin/WebKitWebDriver",
        ),
        Family::Arch => (
            "sudo pacman -S --needed",
            "base-devel webkit2gtk-4.1 dbus",
            "xorg-server-xvfb dunst gnome-keyring xfce4-panel xfwm4 weston wl-clipboard imagemagick",
        ),
        Family::Suse => (
            "sudo zypper install",
            "gcc gcc-c++ make pkgconf-pkg-config webkit2gtk3-devel dbus-1-devel",
            "xorg-x11-server-Xvfb dbus-1-daemon dunst gnome-keyring xfce4-panel xfwm4 weston wl-clipboard ImageMagick /usr/bin/WebKitWebDriver",
        ),
        // Debian's packages are known by name and installed: see the module `debian`.
        Family::Debian | Family::Unknown => {
            return "Install them with your distribution's package manager, then start again."
                .to_owned();
        }
    };
    let more = match purpose {
        // Those are tried on Debian only, and say so before they get here.
        Purpose::Run | Purpose::Windows | Purpose::Package => String::new(),
        Purpose::Test => format!(" {to_test}"),
    };
    format!("Install them, then start again:\n  {command} {to_run}{more}")
}

/// The compiler comes with Apple's command line tools; the web view is part of the system.
pub fn prepare_macos(sh: &Shell) -> anyhow::Result<()> {
    let tools = cmd!(sh, "xcode-select -p").quiet().ignore_stdout();
    if tools.ignore_stderr().run().is_err() {
        bail!(
            "Apple's command line tools are missing. Install them, then start again:\n  xcode-select --install"
        );
    }
    eprintln!(
        "The command line tools are there. The window tests need Linux and are left out here."
    );
    Ok(())
}

/// Rust's own installer has seen to the compiler; the web view comes with Windows 11.
pub fn prepare_windows() {
    eprintln!(
        "Needed on Windows, and not installed by this command:\n  - Microsoft C++ Build Tools with \"Desktop development with C++\" (Rust's installer offers them)\n  - WebView2 (part of Windows 11 and of an up-to-date Windows 10; otherwise https://developer.microsoft.com/microsoft-edge/webview2)\nGoing on with what is installed. The window tests need Linux and are left out here."
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_advice_is_a_command_of_the_distribution() {
        assert_eq!(
            advice(Family::Arch, Purpose::Run),
            "Install them, then start again:\n  sudo pacman -S --needed base-devel webkit2gtk-4.1 dbus"
        );
        assert!(advice(Family::Fedora, Purpose::Run).contains("sudo dnf install"));
        assert!(advice(Family::Suse, Purpose::Run).contains("webkit2gtk3-devel"));
    }

    #[test]
    fn testing_asks_for_more_than_running() {
        assert!(!advice(Family::Fedora, Purpose::Run).contains("dunst"));
        assert!(advice(Family::Fedora, Purpose::Test).contains("dunst"));
    }

    #[test]
    fn an_unknown_distribution_gets_an_answer_too() {
        assert!(advice(Family::Unknown, Purpose::Test).contains("package manager"));
    }
}
