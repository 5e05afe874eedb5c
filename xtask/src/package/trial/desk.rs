//! A desk that was installed somewhere receives a webhook: its window is drawn, a signed delivery is answered, and it is kept.

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use anyhow::{Context as _, bail};
use xshell::{Shell, cmd};

use super::super::facts::Facts;
use super::see;

/// What deliveries are signed with in trials.
pub const SECRET: &str = "whsec_of_a_trial";

/// What is sent, and what of it has to be found again.
const SAMPLE: &str = "tests/samples/esim-status.flat.json";

/// How long something that needs a moment may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// More colours than an empty screen has, and fewer than any window.
const COLOURS_OF_A_WINDOW: u32 = 50;

/// Ends a program when the trial ends, however it ends.
pub struct Running {
    pub child: Child,
    said: Receiver<String>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended already needs no end.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

impl Running {
    /// Starts it; what it says is read from then on, so that it never has to wait for a reader.
    pub fn start(mut command: Command) -> anyhow::Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("can't start {}", command.get_program().display()))?;
        let (say, said) = mpsc::channel();
        if let Some(stdout) = child.stdout.take() {
            listen(stdout, say.clone());
        }
        if let Some(stderr) = child.stderr.take() {
            listen(stderr, say);
        }
        Ok(Self { child, said })
    }

    /// The first line that is asked for. Fails with all that was said before if it ends or takes too long.
    pub fn says<T>(&self, wanted: impl Fn(&str) -> Option<T>) -> anyhow::Result<T> {
        let mut before = String::new();
        loop {
            match self.said.recv_timeout(PATIENCE) {
                Ok(line) => match wanted(&line) {
                    Some(found) => return Ok(found),
                    None => before = format!("{before}{line}\n"),
                },
                Err(why) => bail!("it never said what was waited for ({why}); it said:\n{before}"),
            }
        }
    }

    /// Waits until it takes connections on this port of this computer.
    fn listens(&mut self, port: &str) -> anyhow::Result<()> {
        let address = format!("127.0.0.1:{port}");
        for _ in 0..PATIENCE.as_secs() * 5 {
            if TcpStream::connect(&address).is_ok() {
                eprintln!("  seen: it listens on {address}");
                return Ok(());
            }
            if !self.runs()? {
                break;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        let said: Vec<String> = self.said.try_iter().collect();
        bail!(
            "it does not listen on {address}; it said:\n{}",
            said.join("\n")
        );
    }

    /// Asks it to end as a system does, and waits.
    pub fn end(&mut self, sh: &Shell) -> anyhow::Result<()> {
        let id = self.child.id().to_string();
        cmd!(sh, "kill -TERM {id}").quiet().run()?;
        self.child.wait()?;
        Ok(())
    }

    /// Waits until it has ended by itself.
    pub fn ends(&mut self) -> anyhow::Result<()> {
        for _ in 0..PATIENCE.as_secs() * 5 {
            if !self.runs()? {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        bail!("it does not end");
    }

    /// Whether it has not ended yet.
    pub fn runs(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }
}

fn listen(from: impl std::io::Read + Send + 'static, say: mpsc::Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines() {
            // Nobody listens any more, or what was said is no text.
            let Ok(line) = line else { return };
            if say.send(line).is_err() {
                return;
            }
        }
    });
}

/// A virtual display, with its number.
pub fn display(mut command: Command) -> anyhow::Result<(Running, String)> {
    command.args([
        "-displayfd",
        "1",
        "-screen",
        "0",
        "1280x800x24",
        "-nolisten",
        "tcp",
    ]);
    let display = Running::start(command)?;
    let number = display.says(|line| line.trim().parse::<u32>().ok())?;
    Ok((display, format!(":{number}")))
}

/// A webhook's address, out of the line in which a program says that it listens.
pub fn address(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("\"url\":\"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// `command` makes a command of a program's name and arguments, where it is installed; `display` is there, too. The data comes to lie
/// where it does by itself.
pub fn receives(
    sh: &Shell,
    facts: &Facts,
    display: &str,
    picture: &Path,
    command: impl Fn(&[&str]) -> anyhow::Result<Command>,
) -> anyhow::Result<()> {
    let address = address_of(sh, &command)?;
    let port = port(&address).context("an address without a port")?;
    let mut watch = command(&["esim-watch", "--port", &port])?;
    watch
        .env("DISPLAY", display)
        .env("ESIM_WATCH_WEBHOOK_SECRET", SECRET);
    let mut desk = Running::start(watch)?;
    desk.listens(&port)?;
    drawn(sh, display, picture)?;
    see("it goes on running", desk.runs()?)?;
    send(sh, facts, &address)?;
    desk.end(sh)?;
    let events = command(&["esim-watchd", "export", "events", "--format", "json"])?.output()?;
    let events = String::from_utf8_lossy(&events.stdout).into_owned();
    see(
        "the event is kept, and exported",
        events.contains(&iccid(facts)?),
    )?;
    let check = command(&["esim-watchd", "check"])?.output()?;
    eprint!("{}", String::from_utf8_lossy(&check.stdout));
    see("esim-watchd check is content", check.status.success())
}

/// Asked of the program without a window, on the folder that the one with a window gets.
fn address_of(
    sh: &Shell,
    command: impl Fn(&[&str]) -> anyhow::Result<Command>,
) -> anyhow::Result<String> {
    let mut serve = command(&["esim-watchd", "serve", "--port", "0"])?;
    serve.env("ESIM_WATCH_WEBHOOK_SECRET", SECRET);
    let mut server = Running::start(serve)?;
    let found = server.says(address)?;
    server.end(sh)?;
    Ok(found)
}

/// Sends the sample as Roamify would, signed. Fails unless it is answered 200; and unless one with another secret is refused.
pub fn send(sh: &Shell, facts: &Facts, address: &str) -> anyhow::Result<()> {
    let tools = facts.programs.join("esim-watch-tools");
    let sample = facts.root.join(SAMPLE);
    let wrong = cmd!(
        sh,
        "{tools} send --url {address} --secret whsec_wrong {sample}"
    )
    .quiet()
    .ignore_status()
    .read()?;
    see(
        &format!("another secret is refused: {}", answer(&wrong)),
        wrong.contains("401"),
    )?;
    let right = cmd!(
        sh,
        "{tools} send --url {address} --secret {SECRET} {sample}"
    )
    .quiet()
    .read()?;
    see(
        &format!("a signed webhook is answered: {}", answer(&right)),
        right.contains("200"),
    )
}

fn answer(told: &str) -> &str {
    told.split_once(".json: ")
        .map_or(told, |(_, answer)| answer)
}

/// What is sent is about this one.
pub fn iccid(facts: &Facts) -> anyhow::Result<String> {
    let sample = std::fs::read_to_string(facts.root.join(SAMPLE))?;
    let (_, rest) = sample
        .split_once("\"iccid\"")
        .context("the sample names no ICCID")?;
    let digits: String = rest
        .chars()
        .skip_while(|c| !c.is_ascii_digit())
        .take_while(char::is_ascii_digit)
        .collect();
    Ok(digits)
}

fn port(address: &str) -> Option<String> {
    let (_, rest) = address.strip_prefix("http://")?.split_once(':')?;
    Some(
        rest.split_once('/')
            .map_or(rest, |(port, _)| port)
            .to_owned(),
    )
}

/// Waits until there is more on the display than nothing; keeps a picture of it.
fn drawn(sh: &Shell, display: &str, picture: &Path) -> anyhow::Result<()> {
    let mut colours = 0;
    for _ in 0..PATIENCE.as_secs() {
        cmd!(sh, "import -window root {picture}")
            .env("DISPLAY", display)
            .quiet()
            .run()?;
        let told = cmd!(sh, "identify -format %k {picture}").quiet().read()?;
        colours = told.trim().parse().unwrap_or_default();
        if colours > COLOURS_OF_A_WINDOW {
            break;
        }
        std::thread::sleep(Duration::from_secs(1));
    }
    see(
        &format!(
            "the window is drawn, in {colours} colours: {}",
            picture.display()
        ),
        colours > COLOURS_OF_A_WINDOW,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_and_port_are_read_from_what_a_program_says() {
        let line = "{\"url\":\"http://127.0.0.1:40123/hooks/abc\",\"dataDir\":\"/tmp/x\"}";
        let found = address(line).unwrap();
        assert_eq!(found, "http://127.0.0.1:40123/hooks/abc");
        assert_eq!(port(&found).as_deref(), Some("40123"));
        assert_eq!(address("listening"), None);
    }
}
