//! What the window costs a person in waiting: the real program in a real window over a large store.
//!
//! Start, search, opening one eSIM, scrolling through the whole list, typing while events come in, from an
//! answered webhook to the changed window, and the memory of the web process over minutes of traffic. Each
//! figure is printed beside the one to reach. Nothing is asserted: how fast a machine is says nothing about
//! whether the program is right. Everything is sent to this machine only.

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod figures;
#[cfg(target_os = "linux")]
mod fill;
#[cfg(target_os = "linux")]
mod load;
#[cfg(target_os = "linux")]
mod page;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    linux::main()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::path::PathBuf;
    use std::time::Duration;

    use anyhow::Result;
    use clap::{Parser, ValueEnum};
    use esim_watch_testkit::{Desk, Play, Screen, Stage, play};

    use crate::figures::{Figures, Times};
    use crate::fill::{Size, filled};
    use crate::load::Load;
    use crate::page;

    /// Events a second while somebody types, and while the memory is watched.
    const BUSY: u32 = 500;
    const CALM: u32 = 100;

    /// Readings of the memory in a minute.
    const READINGS: u64 = 6;

    /// What is measured, and how long.
    #[derive(Parser)]
    struct Options {
        /// eSIMs in the store; nearly each has eleven events.
        #[arg(long, default_value_t = 100_000)]
        esims: u32,
        /// Minutes of 100 events a second over which the memory of the web process is watched
        #[arg(long, default_value_t = 3)]
        minutes: u64,
        /// A small store and short runs: does it all work?
        #[arg(long)]
        quick: bool,
        /// Only these parts
        #[arg(long, value_enum, value_delimiter = ',')]
        only: Vec<Part>,
        /// `cargo bench` says so.
        #[arg(long, hide = true)]
        bench: bool,
    }

    /// What can be measured by itself.
    #[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
    enum Part {
        Start,
        Search,
        Open,
        Scroll,
        Busy,
        Webhook,
        Memory,
    }

    impl Options {
        fn wants(&self, part: Part) -> bool {
            self.only.is_empty() || self.only.contains(&part)
        }
    }

    pub fn main() -> Result<()> {
        let options = Options::parse();
        let size = Size::of(if options.quick { 2_000 } else { options.esims });
        let minutes = if options.quick { 0 } else { options.minutes };
        let kept = PathBuf::from(concat!(env!("CARGO_TARGET_TMPDIR"), "/desk-ui"));
        let (store, counts) = filled(&kept, size)?;
        let pictures = concat!(env!("CARGO_TARGET_TMPDIR"), "/desk");
        let usual = Play {
            data_dir: store.path().to_owned(),
            ..Play::of(env!("CARGO_BIN_EXE_esim-watch"), pictures)
        };
        let mut figures = Figures::of(&counts);
        play(&usual, async |stage| {
            stage.desk.ready().await?;
            if options.wants(Part::Start) {
                start(stage, &mut figures).await?;
            }
            stage.desk.script(page::PROBE, vec![]).await?;
            if options.wants(Part::Search) {
                search(stage, size, &mut figures).await?;
            }
            if options.wants(Part::Open) {
                open(stage, &mut figures).await?;
            }
            if options.wants(Part::Scroll) {
                scroll(stage, size, &mut figures).await?;
            }
            if options.wants(Part::Busy) {
                busy(stage, size, &mut figures).await?;
            }
            if options.wants(Part::Webhook) {
                webhook(stage, size, &mut figures).await?;
            }
            if options.wants(Part::Memory) {
                memory(stage, size, minutes, &mut figures).await?;
            }
            Ok(())
        })?;
        figures.print();
        Ok(())
    }

    async fn show_list(desk: &Desk) -> Result<()> {
        desk.go(Screen::Esims).await?;
        desk.await_part("esim-row").await.map(drop)
    }

    /// From the process's first moment to a drawn screen with data.
    async fn start(stage: &mut Stage, figures: &mut Figures) -> Result<()> {
        let mut times = Times::default();
        for round in 0..5 {
            if round > 0 {
                stage.restart().await?;
                stage.desk.ready().await?;
            }
            times.add(page::since_start(&stage.desk).await?);
        }
        figures.add("start to a window with data", &times, "1,500 ms");
        Ok(())
    }

    /// Part of an ICCID, a reference, an eSIM id: typed letter by letter, each letter until its rows are painted.
    async fn search(stage: &Stage, size: Size, figures: &mut Figures) -> Result<()> {
        let desk = &stage.desk;
        show_list(desk).await?;
        let (mut painted, mut asked) = (Times::default(), Times::default());
        for number in (0..12).map(|step| step * (size.esims / 13) + 4_711) {
            let number = number % size.esims;
            let words = match number % 3 {
                0 => format!("{number:07}"),
                1 => format!("trip-{number:04}"),
                _ => format!("8000-{number:012}").chars().skip(8).collect(),
            };
            desk.fill("esim-search", "").await?;
            page::shown(desk, "").await?;
            let mut typed = String::new();
            for letter in words.chars() {
                typed.push(letter);
                page::arm(desk, &typed).await?;
                desk.press_letter(letter).await?;
                painted.add(page::painted(desk).await?);
                asked.add(page::asked(desk).await?);
            }
        }
        desk.fill("esim-search", "").await?;
        page::shown(desk, "").await?;
        figures.add("search: key to painted rows", &painted, "50 ms (p95)");
        figures.add(
            "search: question to answer, over IPC",
            &asked,
            "15 ms (p95, without IPC)",
        );
        Ok(())
    }

    /// Enter on a row until the eSIM with its timeline is painted.
    async fn open(stage: &Stage, figures: &mut Figures) -> Result<()> {
        let desk = &stage.desk;
        show_list(desk).await?;
        let mut times = Times::default();
        for _ in 0..15 {
            desk.script(page::FOCUS_ROWS, vec![]).await?;
            desk.press(esim_watch_testkit::Key::Down).await?;
            page::arm_detail(desk).await?;
            desk.press(esim_watch_testkit::Key::Enter).await?;
            times.add(page::painted(desk).await?);
            desk.press(esim_watch_testkit::Key::Escape).await?;
            desk.await_part("esim-row").await?;
        }
        figures.add("opening one eSIM", &times, "100 ms");
        Ok(())
    }

    /// The whole list from its first row to its last, a fixed step in each frame.
    async fn scroll(stage: &Stage, size: Size, figures: &mut Figures) -> Result<()> {
        show_list(&stage.desk).await?;
        for (step, name) in [
            (120, "scrolling, 120 px a frame"),
            (2_400, "scrolling, 2,400 px a frame"),
        ] {
            let frames = page::scroll(
                &stage.desk,
                step,
                if size.esims > 10_000 { 1_500 } else { 200 },
            )
            .await?;
            figures.add(name, &frames.times, "20 ms (p95)");
            figures.note(&format!(
                "{name}: {} of {} frames took 20 ms or more; in {} a row in view was still blank",
                frames.times.over(Duration::from_millis(20)),
                frames.times.len(),
                frames.blank
            ));
        }
        Ok(())
    }

    /// Typing and moving in the list while events come in.
    async fn busy(stage: &Stage, size: Size, figures: &mut Figures) -> Result<()> {
        let desk = &stage.desk;
        let sender = stage.sender().await?;
        show_list(desk).await?;
        let load = Load::start(sender, BUSY, size.esims);
        let mut times = Times::default();
        desk.script(page::FOCUS_ROWS, vec![]).await?;
        for _ in 0..100 {
            page::arm_any(desk).await?;
            desk.press(esim_watch_testkit::Key::Down).await?;
            times.add(page::painted(desk).await?);
        }
        desk.fill("esim-search", "").await?;
        for letter in "trip-1234".chars() {
            page::arm_any(desk).await?;
            desk.press_letter(letter).await?;
            times.add(page::painted(desk).await?);
        }
        figures.add(
            "input to paint at 500 events a second",
            &times,
            "100 ms (p95)",
        );
        figures.note(&load.stop()?);
        desk.fill("esim-search", "").await?;
        Ok(())
    }

    /// From the answer to a webhook to the changed feed.
    async fn webhook(stage: &Stage, size: Size, figures: &mut Figures) -> Result<()> {
        let sender = stage.sender().await?;
        stage.desk.go(Screen::Today).await?;
        let mut times = Times::default();
        for number in 0..50 {
            let esim = esim_watch_testkit::Esim::numbered(size.esims + number);
            page::arm_feed(&stage.desk, &esim.reference).await?;
            let answer = sender.deliver(&esim.status("NEW")).await?;
            times.add(page::seen_after(&stage.desk, answer.sent_at + answer.took).await?);
        }
        figures.add("webhook answered to change painted", &times, "250 ms (p95)");
        Ok(())
    }

    /// How much the web process grows: the collector of JavaScript lets it swing by a third, so that averages are
    /// compared.
    async fn memory(stage: &Stage, size: Size, minutes: u64, figures: &mut Figures) -> Result<()> {
        if minutes == 0 {
            return Ok(());
        }
        let desk = &stage.desk;
        let sender = stage.sender().await?;
        let load = Load::start(sender, CALM, size.esims);
        // What the first look at a screen fills is no growth: caches, compiled code, its elements.
        look_around(desk).await?;
        tokio::time::sleep(Duration::from_secs(60)).await;
        let mut seen = Vec::new();
        for reading in 1..=minutes * READINGS {
            tokio::time::sleep(Duration::from_secs(60) / u32::try_from(READINGS)?).await;
            seen.push(desk.web_process_memory()?);
            if reading % (10 * READINGS) == 0 {
                look_around(desk).await?;
            }
        }
        figures.memory(&seen, READINGS);
        figures.note(&load.stop()?);
        Ok(())
    }

    /// As a person does: looks at the list and comes back.
    async fn look_around(desk: &Desk) -> Result<()> {
        show_list(desk).await?;
        desk.go(Screen::Today).await
    }
}
