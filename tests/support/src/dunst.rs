//! How dunst is set up and started on a virtual desktop, and how a choice is made in its menu.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::Result;

use crate::child::Running;
use crate::process::bound;

/// Every notification on its own, none stacked or hidden, in the order of arrival, markup read.
const DUNSTRC: &str = "\
[global]
    sort = false
    notification_limit = 0
    stack_duplicates = false
    history_length = 10000
    idle_threshold = 0
    show_age_threshold = -1
    markup = full
    width = 360
    origin = top-right
    dmenu = {chooser}
    icon_theme = Adwaita
[urgency_low]
    timeout = 0
[urgency_normal]
    timeout = 0
[urgency_critical]
    timeout = 0
";

/// What dunst opens its menu with: chooses the entry that contains what is in the file beside it.
const CHOOSER: &str = r#"#!/bin/sh
exec grep --fixed-strings --max-count=1 --file="${0%/*}/choice"
"#;

/// Writes its configuration into the desktop's folder.
pub(crate) fn configure(folder: &Path) -> Result<()> {
    let chooser = folder.join("chooser");
    std::fs::write(&chooser, CHOOSER)?;
    std::fs::set_permissions(&chooser, Permissions::from_mode(0o700))?;
    let config = DUNSTRC.replace("{chooser}", &chooser.to_string_lossy());
    Ok(std::fs::write(folder.join("dunstrc"), config)?)
}

/// From now on the entry of its menu is chosen that contains this.
pub(crate) fn choose(folder: &Path, entry: &str) -> Result<()> {
    Ok(std::fs::write(folder.join("choice"), entry)?)
}

/// Starts it with `env` (display and bus).
pub(crate) fn start(env: &[(String, String)], folder: &Path) -> Result<Running> {
    let mut command = bound("dunst");
    command.arg("-config").arg(folder.join("dunstrc"));
    command.env_clear().envs(env.iter().cloned());
    Running::start(command, false)
}
