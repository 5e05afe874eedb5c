//! The setup under wine: new, over an older version with data, refused, put back, removed with the data and
//! without. For what wine can't draw there stands a program that does as the real one does when it is asked to end.

mod stand_in;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use xshell::Shell;

use super::super::facts::Facts;
use super::super::{files, setup};
use super::desk::{self, Running, SECRET};
use super::wine_desk::{Computer, from_windows, starts, utf16, wide};
use super::{room, see, see_in};

const FOLDER: &str = "C:\\users\\root\\AppData\\Local\\Programs\\eSIM Watch";
const DATA: &str = "C:\\users\\root\\AppData\\Local\\watch.esim.desk";
const UNINSTALL: &str =
    "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\watch.esim.desk";
const NOTIFIER: &str = "HKCU\\Software\\Classes\\AppUserModelId\\watch.esim.desk";
const RUN: &str = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run";
const RUN_ONCE: &str = "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\RunOnce";
const SHORTCUT: &str = "eSIM Watch.lnk";

/// Where Microsoft says that its runtime is noted, with an update for all users or for one.
const WEBVIEW2: [&str; 3] = [
    "HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\EdgeUpdate\\Clients\\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}",
    "HKLM\\SOFTWARE\\Microsoft\\EdgeUpdate\\Clients\\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}",
    "HKCU\\Software\\Microsoft\\EdgeUpdate\\Clients\\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}",
];

/// What is installed.
const FILES: [&str; 6] = [
    "LICENSES.txt",
    "WebView2Loader.dll",
    "esim-watch.exe",
    "esim-watch.png",
    "esim-watchd.exe",
    "uninstall.exe",
];

/// An older version than any that is packed.
const OLDER: &str = "0.0.1";

/// What the setup and the uninstaller end with: see `setup.nsi`.
const FAILED: i32 = 2;
const RUNNING: i32 = 3;
const NEWER: i32 = 4;
const DATA_KEPT: i32 = 6;

/// One trial: the computer, and the setups of several versions.
struct Trial<'a> {
    sh: &'a Shell,
    facts: &'a Facts,
    computer: Computer,
    /// An older version, the same version with a program that stands for the real one, and what was packed.
    older: PathBuf,
    newer: PathBuf,
    real: PathBuf,
    log: PathBuf,
}

/// All of it, in the order in which a user may meet it.
pub fn run(sh: &Shell, facts: &Facts, root: &Path) -> anyhow::Result<()> {
    let room = room(facts, "setup")?;
    let older = room.join("older.exe");
    let newer = room.join("newer.exe");
    let with_stand_in = stand_in::packed(sh, facts, &room)?;
    let quickly = &["-DQUICK"];
    setup::compile(sh, facts, OLDER, &with_stand_in, &older, quickly)?;
    setup::compile(sh, facts, &facts.version, &with_stand_in, &newer, quickly)?;
    let trial = Trial {
        sh,
        facts,
        computer: Computer::fresh(root, "packages")?,
        older,
        newer,
        real: facts.out.join(setup::name(facts)),
        log: room.join("log.txt"),
    };
    let address = trial.install_and_use()?;
    trial.upgrade_while_it_runs(&address)?;
    trial.start_where_that_is_asked_for()?;
    trial.look_for_web_view()?;
    trial.refuse()?;
    trial.put_back()?;
    trial.remove_and_keep()?;
    trial.take_back()?;
    trial.install_what_was_packed()?;
    trial.remove_all()
}

impl Trial<'_> {
    /// Runs a setup silently; its exit code. What it did is in the log.
    fn set_up(&self, setup: &Path, more: &[&str]) -> anyhow::Result<i32> {
        let setup = setup.to_string_lossy();
        let log = format!("/LOG={}", from_windows(&self.log));
        let mut words: Vec<&str> = vec![&setup, "/S", &log];
        words.extend(more);
        Ok(self.computer.program(&words)?.0)
    }

    fn folder(&self) -> PathBuf {
        self.computer.local().join("Programs/eSIM Watch")
    }

    fn data(&self) -> PathBuf {
        self.computer.local().join("watch.esim.desk")
    }

    fn logged(&self) -> anyhow::Result<String> {
        utf16(&self.log)
    }

    fn server(&self, arguments: &[&str]) -> anyhow::Result<(i32, String)> {
        let program = format!("{FOLDER}\\esim-watchd.exe");
        let mut words = vec![program.as_str()];
        words.extend(arguments);
        self.computer.program(&words)
    }

    /// The server, and the address that it listens on.
    fn serve(&self) -> anyhow::Result<(Running, String)> {
        let program = format!("{FOLDER}\\esim-watchd.exe");
        let words = [program.as_str(), "serve", "--port", "0"];
        let server = self
            .computer
            .start(&words, &[("ESIM_WATCH_WEBHOOK_SECRET", SECRET)])?;
        let address = server.says(desk::address)?;
        Ok((server, address))
    }

    /// Exactly what is installed is there, and the system knows it.
    fn see_installed(&self, version: &str) -> anyhow::Result<()> {
        let there = self.there()?;
        see(&format!("the folder holds {there:?}"), there == FILES)?;
        let value = |key: &str, value: &str| self.computer.registry(key, value);
        let wanted = [
            (UNINSTALL, "DisplayName", "eSIM Watch".to_owned()),
            (UNINSTALL, "DisplayVersion", version.to_owned()),
            (UNINSTALL, "Publisher", "eSIM Watch".to_owned()),
            (UNINSTALL, "InstallLocation", FOLDER.to_owned()),
            (
                UNINSTALL,
                "DisplayIcon",
                format!("{FOLDER}\\esim-watch.exe,0"),
            ),
            (
                UNINSTALL,
                "UninstallString",
                format!("\"{FOLDER}\\uninstall.exe\""),
            ),
            (
                UNINSTALL,
                "QuietUninstallString",
                format!("\"{FOLDER}\\uninstall.exe\" /S"),
            ),
            (NOTIFIER, "DisplayName", "eSIM Watch".to_owned()),
            (NOTIFIER, "IconUri", format!("{FOLDER}\\esim-watch.png")),
        ];
        for (key, name, wanted) in wanted {
            let found = value(key, name)?;
            see(&format!("{name}: {found:?}"), found == Some(wanted))?;
        }
        let size = value(UNINSTALL, "EstimatedSize")?;
        see(
            &format!("EstimatedSize: {size:?}"),
            size.is_some_and(|size| size.starts_with("0x") && size != "0x0"),
        )?;
        let shortcut = fs::read(self.computer.menu().join(SHORTCUT))?;
        let target = wide(&format!("{FOLDER}\\esim-watch.exe"));
        let leads = shortcut.windows(target.len()).any(|part| part == target);
        see("the start menu leads to the program", leads)?;
        // That a shortcut keeps its id on disk is Windows' part; wine takes the id and does not.
        see_in("the log", &self.logged()?, &["id of the shortcut: 0"])
    }

    fn there(&self) -> anyhow::Result<Vec<String>> {
        let mut there = Vec::new();
        for entry in fs::read_dir(self.folder())? {
            there.push(entry?.file_name().to_string_lossy().into_owned());
        }
        there.sort();
        Ok(there)
    }

    /// What each installed file holds.
    fn contents(&self) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
        let mut contents = BTreeMap::new();
        for name in self.there()? {
            let content = fs::read(self.folder().join(&name))?;
            contents.insert(name, content);
        }
        Ok(contents)
    }

    fn see_event_kept(&self) -> anyhow::Result<()> {
        let (code, events) = self.server(&["export", "events", "--format", "json"])?;
        see(
            "the event is there",
            code == 0 && events.contains(&desk::iccid(self.facts)?),
        )?;
        let (code, said) = self.server(&["check"])?;
        see(&format!("esim-watchd check: {}", said.trim()), code == 0)
    }

    fn install_and_use(&self) -> anyhow::Result<String> {
        eprintln!("an older version, in German");
        see(
            "it installs silently",
            self.set_up(&self.older, &["/LANG=de"])? == 0,
        )?;
        self.see_installed(OLDER)?;
        let shortcut = fs::read(self.computer.menu().join(SHORTCUT))?;
        let german = wide("Der aktuelle Stand der Reise-eSIMs");
        see(
            "the shortcut says in German what it is",
            shortcut.windows(german.len()).any(|part| part == german),
        )?;
        let (code, said) = self.server(&["--version"])?;
        let said = said.trim();
        see(
            &format!("esim-watchd.exe --version: {said}"),
            code == 0 && said == format!("esim-watchd {}", self.facts.version),
        )?;
        let (mut server, address) = self.serve()?;
        desk::send(self.sh, self.facts, &address)?;
        server.end(self.sh)?;
        self.see_event_kept()?;
        Ok(address)
    }

    fn upgrade_while_it_runs(&self, _address: &str) -> anyhow::Result<()> {
        eprintln!("over it, while program and server run");
        let mut desk = self.desk(&["--first"])?;
        let (mut server, address) = self.serve()?;
        see("the upgrade succeeds", self.set_up(&self.newer, &[])? == 0)?;
        eprint!("{}", self.logged()?);
        desk.ends()?;
        eprintln!("  seen: the running program has ended");
        self.await_start(1)?;
        self.see_out_of_sight()?;
        see("the server still runs", server.runs()?)?;
        desk::send(self.sh, self.facts, &address)?;
        self.see_old_server_aside()?;
        server.end(self.sh)?;
        self.quit()?;
        let code = self.uninstall_in_place(&["/CLEAN"])?;
        see("what was put aside is removed at the next logon", code == 0)?;
        self.see_installed(&self.facts.version)?;
        self.see_event_kept()
    }

    /// What a server runs from is put aside, and the registry remembers to remove it. Windows refuses to delete it, wine need not.
    fn see_old_server_aside(&self) -> anyhow::Result<()> {
        let there = self.there()?;
        let aside = there
            .iter()
            .any(|name| name.starts_with("esim-watchd.exe.old-"));
        let noted = self.computer.registry(RUN_ONCE, "watch.esim.desk-clean")?;
        see(
            &format!("the server's old file: aside {aside}, at the next logon {noted:?}"),
            aside == noted.is_some(),
        )
    }

    /// The program ends before the setup that it brought begins: then the setup can't see that it ran.
    fn start_where_that_is_asked_for(&self) -> anyhow::Result<()> {
        eprintln!("over it, while nothing runs, with /RESTART");
        let before = starts(&self.told());
        let code = self.set_up(&self.newer, &["/RESTART"])?;
        see("it installs silently", code == 0)?;
        self.await_start(before)?;
        self.see_out_of_sight()?;
        self.quit()
    }

    fn look_for_web_view(&self) -> anyhow::Result<()> {
        eprintln!("WebView2 in each of the places where it may be noted");
        for key in WEBVIEW2 {
            for (version, told) in [
                ("120.0.2210.91", "WebView2 is there: 120.0.2210.91"),
                ("0.0.0.0", "WebView2 is missing"),
            ] {
                self.computer.register(key, "pv", version)?;
                see(key, self.set_up(&self.newer, &[])? == 0)?;
                see_in("the log", &self.logged()?, &[told])?;
            }
        }
        Ok(())
    }

    fn refuse(&self) -> anyhow::Result<()> {
        eprintln!("a newer version, and a program that would not end");
        let before = self.contents()?;
        self.computer
            .register(UNINSTALL, "DisplayVersion", "99.0.0")?;
        let code = self.set_up(&self.newer, &[])?;
        see(&format!("a downgrade is refused: {code}"), code == NEWER)?;
        see("nothing has changed", self.contents()? == before)?;
        let code = self.set_up(&self.newer, &["/DOWNGRADE"])?;
        see(&format!("/DOWNGRADE installs it: {code}"), code == 0)?;
        self.see_installed(&self.facts.version)?;
        let mut stubborn = self.desk(&["--stubborn"])?;
        let code = self.set_up(&self.newer, &[])?;
        see(
            &format!("what does not end is not replaced: {code}"),
            code == RUNNING,
        )?;
        see("it runs as before", stubborn.runs()?)?;
        see("nothing has changed", self.contents()? == before)?;
        let_go(&mut stubborn)
    }

    fn put_back(&self) -> anyhow::Result<()> {
        eprintln!("a file that somebody holds");
        let before = self.contents()?;
        // The last but one: others have changed places by then.
        let held = format!("{FOLDER}\\esim-watchd.exe");
        let mut holder = self.hold(&held)?;
        let code = self.set_up(&self.newer, &[])?;
        see(&format!("it can't be replaced: {code}"), code == FAILED)?;
        let_go(&mut holder)?;
        see("everything is as before", self.contents()? == before)
    }

    /// Holds a file or a folder, by a copy of the stand-in that is not installed.
    fn hold(&self, path: &str) -> anyhow::Result<Running> {
        let told = self.told();
        let before = starts(&told);
        let program = self.stand_in();
        let holder = self.computer.start(&[&program, "--hold", path], &[])?;
        for _ in 0..100 {
            if starts(&told) > before {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        see(&format!("somebody holds {path}"), starts(&told) > before)?;
        Ok(holder)
    }

    fn stand_in(&self) -> String {
        let program = self.facts.trials().join("setup/files/esim-watch.exe");
        program.to_string_lossy().into_owned()
    }

    fn remove_and_keep(&self) -> anyhow::Result<()> {
        eprintln!("away, without the data");
        let starts = format!("\"{FOLDER}\\esim-watch.exe\" --minimized");
        self.computer.register(RUN, "eSIM Watch", &starts)?;
        let mut desk = self.desk(&[])?;
        self.uninstall(&["/S"])?;
        desk.ends()?;
        eprintln!("  seen: the running program has ended");
        self.see_removed()?;
        see(
            "it does not start with the system any more",
            self.computer.registry(RUN, "eSIM Watch")?.is_none(),
        )?;
        see(
            "the data is there",
            self.data().join("esim-watch.db").is_file(),
        )
    }

    /// A new installation that fails half-way leaves nothing but what was there.
    fn take_back(&self) -> anyhow::Result<()> {
        eprintln!("new, where somebody holds a file of the same name");
        let foreign = self.folder().join("esim-watchd.exe");
        files::write(&foreign, "somebody's")?;
        let mut holder = self.hold(&format!("{FOLDER}\\esim-watchd.exe"))?;
        let code = self.set_up(&self.newer, &[])?;
        see(&format!("it can't be installed: {code}"), code == FAILED)?;
        let_go(&mut holder)?;
        let there = self.there()?;
        let as_before = there == ["esim-watchd.exe"];
        see(&format!("nothing else is left: {there:?}"), as_before)?;
        fs::remove_dir_all(self.folder())?;
        Ok(())
    }

    /// Runs the installed uninstaller and waits until nothing runs any more.
    fn uninstall(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let program = format!("{FOLDER}\\uninstall.exe");
        let mut words = vec![program.as_str()];
        words.extend(arguments);
        let (code, _) = self.computer.program(&words)?;
        see(&format!("uninstall.exe {arguments:?}: {code}"), code == 0)?;
        self.computer.rest()
    }

    /// Runs the uninstaller where it is, without the copy that goes on: its exit code is what became of it.
    fn uninstall_in_place(&self, arguments: &[&str]) -> anyhow::Result<i32> {
        let program = format!("{FOLDER}\\uninstall.exe");
        // It takes the rest of the line for the folder and wants no quotes, which wine puts around spaces.
        let place = format!("_?={FOLDER}");
        let mut words = vec![program.as_str(), "/S"];
        words.extend(arguments);
        words.extend(place.split(' '));
        Ok(self.computer.program(&words)?.0)
    }

    fn see_removed(&self) -> anyhow::Result<()> {
        see("the folder is gone", !self.folder().exists())?;
        let shortcut = self.computer.menu().join(SHORTCUT);
        see("the entry in the start menu is gone", !shortcut.exists())?;
        for key in [UNINSTALL, NOTIFIER] {
            let left = self.computer.registry(key, "DisplayName")?;
            see(&format!("{key} is gone"), left.is_none())?;
        }
        Ok(())
    }

    fn install_what_was_packed(&self) -> anyhow::Result<()> {
        eprintln!("what was packed, over data from before");
        see("it installs silently", self.set_up(&self.real, &[])? == 0)?;
        eprint!("{}", self.logged()?);
        self.see_installed(&self.facts.version)?;
        let packed = self.facts.work.join("windows");
        for name in ["esim-watch.exe", "esim-watchd.exe", "WebView2Loader.dll"] {
            let same = fs::read(self.folder().join(name))? == fs::read(packed.join(name))?;
            see(&format!("{name} is what was packed"), same)?;
        }
        self.see_event_kept()
    }

    fn remove_all(&self) -> anyhow::Result<()> {
        eprintln!("away, with the data");
        let stand_in = self.stand_in();
        let credentials =
            ["webhook-secret", "api-token"].map(|name| format!("{name} {DATA}.watch.esim.desk"));
        for name in &credentials {
            let (code, _) = self.computer.program(&[&stand_in, "--keep", name])?;
            see(&format!("a credential is kept: {name}"), code == 0)?;
        }
        let mut holder = self.hold(&format!("{DATA}\\esim-watch.db"))?;
        let code = self.uninstall_in_place(&["/DELETEDATA"])?;
        see(&format!("data in use is kept: {code}"), code == DATA_KEPT)?;
        see("all of it", self.data().join("esim-watch.db").is_file())?;
        let_go(&mut holder)?;
        see("it installs again", self.set_up(&self.real, &[])? == 0)?;
        self.uninstall(&["/S", "/DELETEDATA"])?;
        self.see_removed()?;
        see("the data is gone", !self.data().exists())?;
        for name in &credentials {
            let (code, _) = self.computer.program(&[&stand_in, "--kept", name])?;
            see(&format!("the credential is gone: {name}"), code != 0)?;
        }
        Ok(())
    }
}

/// Ends whoever holds a file, as a computer does that is switched off.
fn let_go(holder: &mut Running) -> anyhow::Result<()> {
    holder.child.kill()?;
    holder.child.wait()?;
    Ok(())
}
