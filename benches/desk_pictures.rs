//! Pictures of every screen, light and dark, in two sizes: `desk_pictures DIRECTORY`.
//!
//! The program runs for real and is fed over HTTP: the sample payloads and a plausible day.

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    linux::main()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::net::{Ipv4Addr, TcpListener};
    use std::path::{Path, PathBuf};

    use anyhow::{Context, Result, ensure};
    use esim_watch_core::engine::DEFAULT_PORT;
    use esim_watch_testkit::{
        Esim, Key, Payload, Play, Screen, Setup, Spot, Stage, now, plausible_day, play, samples,
    };

    const SIZES: [(u32, u32); 2] = [(1280, 800), (1920, 1080)];

    pub fn main() -> Result<()> {
        // Cargo hands `--bench` on; without a directory there is nothing to do.
        let directory = std::env::args()
            .skip(1)
            .find(|argument| !argument.starts_with("--"));
        let Some(directory) = directory.map(PathBuf::from) else {
            return Ok(());
        };
        std::fs::create_dir_all(&directory).with_context(|| directory.display().to_string())?;
        for size in SIZES {
            let setup = Setup {
                size,
                ..Setup::default()
            };
            let usual = Play::of(env!("CARGO_BIN_EXE_esim-watch"), &directory);
            let usual = Play {
                desktop: setup,
                ..usual
            };
            let shots = Shots {
                directory: directory.clone(),
                size,
            };
            play(&usual, async |stage| a_day(stage, &shots).await)?;
            // Whoever has the port: it is taken.
            let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, DEFAULT_PORT));
            play(
                &Play {
                    own_port: false,
                    secret: None,
                    ..usual.clone()
                },
                async |stage| {
                    stage.desk.ready().await?;
                    shots.fit(stage).await?;
                    stage.desk.await_part("setup-tunnel").await?;
                    shots.both(stage, "setup").await?;
                    stage.desk.go(Screen::Connection).await?;
                    stage.desk.await_part("port-input").await?;
                    shots.both(stage, "connection-port-taken").await
                },
            )?;
            let before = |folder: &Path| Ok(std::fs::write(folder.join("data"), "a file")?);
            play(&Play { before, ..usual }, async |stage| {
                stage.desk.await_part("fatal").await?;
                shots.fit(stage).await?;
                shots.one(stage, "failed-start", "system").await
            })?;
        }
        Ok(())
    }

    /// Every screen before the first delivery and after a day of them.
    async fn a_day(stage: &Stage, shots: &Shots) -> Result<()> {
        let desk = &stage.desk;
        let sender = stage.sender().await?;
        shots.fit(stage).await?;
        shots.both(stage, "today-empty").await?;
        desk.go(Screen::Esims).await?;
        shots.both(stage, "esims-empty").await?;
        desk.go(Screen::Alerts).await?;
        desk.await_text("inbox", "Nothing needs you.").await?;
        shots.both(stage, "alerts-empty").await?;
        desk.go(Screen::Settings).await?;
        desk.await_part("keeping-bodiesDays").await?;
        shots.both(stage, "settings").await?;

        for sample in samples()? {
            let answer = sender.post(sample.bytes).await?;
            ensure!(answer.status == 200, "{}: {answer:?}", sample.name);
        }
        let day = plausible_day(now());
        for payload in a_trip(now()).iter().chain(&day) {
            sender.deliver(payload).await?;
        }
        travellers(stage, shots).await?;
        desk.go(Screen::Today).await?;
        for (number, status) in [(915_114, "ACTIVATED"), (915_277, "REVOKED")] {
            let esim = Esim::numbered(number);
            sender
                .deliver(&esim.status(status).period(now(), now() + 604_800))
                .await?;
            desk.await_text("feed-item", &esim.reference).await?;
        }
        // So much at once is told together.
        let server = &stage.desktop.notifications;
        server.notification(&["revoked", "expired"]).await?;
        shots.both(stage, "today-notification").await?;
        server.close_all().await?;
        shots.both(stage, "today").await?;
        desk.go(Screen::Esims).await?;
        desk.await_part("esim-row").await?;
        shots.both(stage, "esims").await?;
        desk.fill("esim-search", "trip-20").await?;
        desk.await_part("esim-row").await?;
        shots.both(stage, "esims-search").await?;
        desk.fill("esim-search", "2731-rossi").await?;
        desk.await_count("esim-row", 1).await?;
        desk.click("esim-row").await?;
        desk.await_attribute("esim-detail", "data-ready", "true")
            .await?;
        shots.both(stage, "esim").await?;
        desk.click(Spot::css("[data-testid=timeline-item] button"))
            .await?;
        desk.await_part("payload").await?;
        shots.both(stage, "esim-payload").await?;
        desk.chord(Key::Control, 'k').await?;
        desk.await_part("palette-input").await?;
        for letter in "trip-20".chars() {
            desk.press_letter(letter).await?;
        }
        desk.await_part("palette-esim").await?;
        shots.one(stage, "palette", "dark").await?;
        desk.press(Key::Escape).await?;
        desk.await_count("palette", 0).await?;
        for (screen, name) in [
            (Screen::Account, "account"),
            (Screen::Deliveries, "deliveries"),
        ] {
            desk.go(screen).await?;
            shots.both(stage, name).await?;
        }
        desk.click(Spot::css("[data-testid=delivery-row] button"))
            .await?;
        desk.await_part("delivery-body").await?;
        shots.both(stage, "delivery").await?;
        desk.go(Screen::Connection).await?;
        desk.await_part("port-input").await?;
        shots.both(stage, "connection").await?;
        inbox(stage, shots).await?;
        at_200_percent(stage, shots).await?;
        in_german(stage, shots).await
    }

    /// A booking list on its way in, and the list after it.
    async fn travellers(stage: &Stage, shots: &Shots) -> Result<()> {
        let desk = &stage.desk;
        desk.go(Screen::Travellers).await?;
        let list = stage.folder().join("Bookings December.csv");
        std::fs::write(
            &list,
            "Traveller,Booking,Departure,Return,E-mail,Group\n\
             Maria Rossi,TRIP-2731-ROSSI,2026-11-24,2026-12-04,m.rossi@example.org,VIP\n\
             Daniel García,TRIP-2002-GARCIA,2026-12-01,2026-12-09,,Group 7\n\
             ليلى حداد,TRIP-2009-HADDAD,2026-12-02,,leila@example.org,\n\
             Anna Kowalski,TRIP-2056-KOWALSKI,2026-11-30,2026-12-05,,\n\
             Aiko Tanaka,TRIP-2054-TANAKA,2026-11-31,,,\n\
             Somebody Else,TRIP-9999,2026-12-20,2026-12-31,,\n",
        )?;
        desk.upload("import-file", &list).await?;
        desk.await_part("import-sum").await?;
        shots.both(stage, "travellers-list").await?;
        desk.click("import-apply").await?;
        desk.await_part("traveller-row").await?;
        desk.click(Spot::css("[data-testid=toast] button[aria-label]"))
            .await?;
        shots.both(stage, "travellers").await
    }

    /// An eSIM in the middle of its trip, as a desk sees it when its traveller calls.
    fn a_trip(now: i64) -> Vec<Payload> {
        const HOUR: i64 = 3600;
        const DAY: i64 = 24 * HOUR;
        let esim = Esim {
            reference: "TRIP-2731-ROSSI".into(),
            ..Esim::numbered(304_826)
        };
        let begin = now - 3 * DAY;
        let at = |payload: Payload, at: i64| payload.at(at).period(begin, begin + 10 * DAY);
        let day = |ago: i64| {
            let day = jiff::Timestamp::from_second(now - ago * DAY).unwrap_or_default();
            day.to_string().chars().take(10).collect::<String>()
        };
        let mut used = Vec::new();
        let mut left = 10_240.0;
        let mut events = vec![
            at(esim.status("NEW"), now - 9 * DAY),
            at(esim.status("INSTALLED"), now - 5 * DAY),
            at(esim.status("ACTIVATED"), begin + 40),
        ];
        for (ago, mb, country) in [
            (3, 812.4, "Italy"),
            (2, 1_460.9, "Italy"),
            (1, 634.2, "Italy"),
            (1, 388.0, "Croatia"),
            (0, 951.7, "Croatia"),
        ] {
            left -= mb;
            used.push(
                serde_json::json!({ "date": day(ago), "data_used": mb, "location": country }),
            );
            let report = esim
                .usage(10_240.0, left)
                .set("usage_list", serde_json::Value::Array(used.clone()));
            events.push(at(report, now - ago * DAY - HOUR));
        }
        events
    }

    /// What somebody sees who needs everything twice as large. Goes by keys: at this size the driver does not
    /// click where things are on the screen.
    async fn at_200_percent(stage: &Stage, shots: &Shots) -> Result<()> {
        let desk = &stage.desk;
        desk.theme("light").await?;
        desk.click(Spot::css("[data-testid=toast] button[aria-label]"))
            .await?;
        zoom(stage, 2.0).await?;
        for (key, name) in [
            ('t', "zoom-today"),
            ('p', "zoom-travellers"),
            ('s', "zoom-settings"),
            ('e', "zoom-esims"),
        ] {
            desk.press_letter('g').await?;
            desk.press_letter(key).await?;
            shots.one(stage, name, "light").await?;
        }
        desk.await_part("esim-row").await?;
        desk.script("document.querySelector('[role=grid]').focus()", vec![])
            .await?;
        desk.press(Key::Enter).await?;
        desk.await_attribute("esim-detail", "data-ready", "true")
            .await?;
        shots.one(stage, "zoom-esim", "light").await?;
        zoom(stage, 1.0).await
    }

    async fn zoom(stage: &Stage, value: f64) -> Result<()> {
        let asked = serde_json::json!({ "label": "desk", "value": value });
        stage
            .desk
            .invoke("plugin:webview|set_webview_zoom", asked)
            .await?;
        Ok(())
    }

    async fn in_german(stage: &Stage, shots: &Shots) -> Result<()> {
        let desk = &stage.desk;
        desk.go(Screen::Settings).await?;
        desk.choose("language", "de").await?;
        desk.await_text("nav-today", "Heute").await?;
        for (screen, name) in [
            (Screen::Settings, "german-settings"),
            (Screen::Today, "german-today"),
            (Screen::Esims, "german-esims"),
            (Screen::Alerts, "german-alerts"),
        ] {
            desk.go(screen).await?;
            shots.one(stage, name, "light").await?;
        }
        Ok(())
    }

    /// The inbox after that day, and what is done in it.
    async fn inbox(stage: &Stage, shots: &Shots) -> Result<()> {
        let desk = &stage.desk;
        desk.go(Screen::Alerts).await?;
        desk.await_part("alert-row").await?;
        focus_rows(stage).await?;
        desk.press(Key::Down).await?;
        shots.both(stage, "alerts").await?;
        desk.go(Screen::Alerts).await?;
        focus_rows(stage).await?;
        desk.press_letter('n').await?;
        desk.fill(
            "note-input",
            "Called Ms Rossi: she buys a new package tonight.",
        )
        .await?;
        shots.one(stage, "alerts-note", "dark").await?;
        desk.press(Key::Enter).await?;
        desk.await_part("toast-undo").await?;
        focus_rows(stage).await?;
        desk.press_letter('s').await?;
        desk.await_part("snooze-dialog").await?;
        shots.one(stage, "alerts-snooze", "dark").await?;
        desk.press_letter('2').await?;
        desk.await_count("snooze-dialog", 0).await?;
        focus_rows(stage).await?;
        for _ in 0..3 {
            desk.press_letter(' ').await?;
            desk.press(Key::Down).await?;
        }
        shots.both(stage, "alerts-selected").await?;
        desk.press_letter('e').await?;
        desk.await_part("toast-undo").await?;
        desk.click("mute-open").await?;
        desk.click("mute-dialog-hour").await?;
        desk.click("tab-all").await?;
        desk.await_attribute("mute", "data-muted", "true").await?;
        shots.both(stage, "alerts-all").await
    }

    async fn focus_rows(stage: &Stage) -> Result<()> {
        stage.desk.await_part("alert-row").await?;
        let focus = "document.querySelector('[role=grid]').focus()";
        stage.desk.script(focus, vec![]).await.map(drop)
    }

    struct Shots {
        directory: PathBuf,
        size: (u32, u32),
    }

    impl Shots {
        async fn fit(&self, stage: &Stage) -> Result<()> {
            stage.desk.resize(self.size.0, self.size.1).await
        }

        async fn both(&self, stage: &Stage, name: &str) -> Result<()> {
            for theme in ["light", "dark"] {
                stage.desk.theme(theme).await?;
                self.one(stage, name, theme).await?;
            }
            Ok(())
        }

        async fn one(&self, stage: &Stage, name: &str, theme: &str) -> Result<()> {
            stage.desk.at_rest().await?;
            stage
                .desktop
                .photograph_at_rest(&self.path(name, theme))
                .await
        }

        fn path(&self, name: &str, theme: &str) -> PathBuf {
            let (width, height) = self.size;
            self.directory
                .join(format!("{name}-{theme}-{width}x{height}.png"))
        }
    }
}
