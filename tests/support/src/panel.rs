//! What is around the windows of a virtual desktop: Xfce's window manager, and Xfce's panel with a task
//! bar and a tray.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::PATIENCE;
use crate::child::Running;
use crate::poll::eventually;
use crate::process::bound;
use crate::tray::Tray;
use crate::windows::Windows;

/// At the top of the screen: the task bar at the left, the tray at the right.
const CONFIG: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="28"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
        <value type="int" value="2"/>
        <value type="int" value="3"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="tasklist"/>
    <property name="plugin-2" type="string" value="separator">
      <property name="expand" type="bool" value="true"/>
      <property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-3" type="string" value="systray">
      <property name="square-icons" type="bool" value="true"/>
    </property>
  </property>
</channel>
"#;

/// What is around the windows of a virtual desktop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Frame {
    /// Nothing.
    #[default]
    None,
    /// A window manager.
    Manager,
    /// A window manager, and a panel with a tray.
    Panel,
}

/// The running parts. They end in the order in which they stand.
#[derive(Default)]
pub(crate) struct Parts {
    panel: Option<Running>,
    manager: Option<Running>,
    settings: Option<Running>,
}

impl Parts {
    /// Starts what is not there yet of `frame`, and awaits that it works.
    pub(crate) async fn open(
        &mut self,
        frame: Frame,
        env: &[(String, String)],
        tray: &Tray,
        windows: &Windows,
    ) -> Result<()> {
        let start = |mut command: Command| {
            command.env_clear().envs(env.iter().cloned());
            Running::start(command, false)
        };
        if frame >= Frame::Manager && self.manager.is_none() {
            write_config(env)?;
            let settings = self.settings.insert(start(bound(settings_daemon()?))?);
            eventually(PATIENCE, "Xfce's settings", async || {
                settings.ensure_running()?;
                let there = tray.has_owner("org.xfce.Xfconf").await?;
                ensure!(there, "nobody owns org.xfce.Xfconf");
                Ok(())
            })
            .await?;
            let mut manager = bound("xfwm4");
            manager.arg("--compositor=off");
            let manager = self.manager.insert(start(manager)?);
            eventually(PATIENCE, "Xfce's window manager", async || {
                manager.ensure_running()?;
                ensure!(windows.are_managed()?, "no window manager");
                Ok(())
            })
            .await?;
        }
        if frame == Frame::Panel && self.panel.is_none() {
            let mut panel = bound("xfce4-panel");
            panel.arg("--disable-wm-check");
            let panel = self.panel.insert(start(panel)?);
            eventually(PATIENCE, "Xfce's panel", async || {
                panel.ensure_running()?;
                ensure!(tray.is_there().await?, "no tray");
                Ok(())
            })
            .await?;
        }
        Ok(())
    }

    /// Ends the panel alone, the way a crash would.
    pub(crate) fn close_panel(&mut self) {
        self.panel = None;
    }

    /// What they logged so far.
    pub(crate) fn log(&self) -> String {
        let parts = [&self.panel, &self.manager, &self.settings];
        let logs: Vec<String> = parts.into_iter().flatten().map(Running::log).collect();
        logs.join("\n")
    }
}

fn write_config(env: &[(String, String)]) -> Result<()> {
    let home = env.iter().find(|(name, _)| name == "XDG_CONFIG_HOME");
    let (_, folder) = home.context("no folder for settings")?;
    let folder = Path::new(folder).join("xfce4/xfconf/xfce-perchannel-xml");
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join("xfce4-panel.xml"), CONFIG)?)
}

/// It is in a folder of its own on each system; the bus knows which.
fn settings_daemon() -> Result<String> {
    let file = "/usr/share/dbus-1/services/org.xfce.Xfconf.service";
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{file}; `cargo xtask test` installs what the tests need"))?;
    let program = text.lines().find_map(|line| line.strip_prefix("Exec="));
    Ok(program.context("no program in it")?.trim().to_owned())
}
