//! What a person does in the desk's window: pointer, keys, going from screen to screen. And the
//! check that every person can.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use fantoccini::Locator;
use fantoccini::actions::{
    InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use serde_json::json;

use crate::PATIENCE;
use crate::desk::Desk;
use crate::dom::Spot;
use crate::poll::{answer, eventually};

/// The screens that the navigation leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// What happened.
    Today,
    /// The list.
    Esims,
    /// Who travels, and booking lists.
    Travellers,
    /// What needs somebody.
    Alerts,
    /// Balance, orders, refunds.
    Account,
    /// Every request.
    Deliveries,
    /// Listener, tunnel, secret.
    Connection,
    /// Rules, quiet hours, this computer.
    Settings,
}

impl Screen {
    fn name(self) -> &'static str {
        match self {
            Self::Today => "nav-today",
            Self::Esims => "nav-esims",
            Self::Travellers => "nav-travellers",
            Self::Alerts => "nav-alerts",
            Self::Account => "nav-account",
            Self::Deliveries => "nav-deliveries",
            Self::Connection => "nav-connection",
            Self::Settings => "nav-settings",
        }
    }
}

impl Desk {
    /// Clicks on the first part at this spot, with the pointer.
    ///
    /// # Errors
    /// If nothing there can be clicked after [`PATIENCE`].
    pub async fn click(&self, spot: impl Into<Spot>) -> Result<()> {
        let spot = spot.into();
        eventually(PATIENCE, &format!("a click on {}", spot.0), async || {
            Ok(self.element(&spot).await?.click().await?)
        })
        .await
    }

    /// Drags the part at one spot to the middle of another, with the pointer.
    ///
    /// # Errors
    /// If one of them is not there.
    pub async fn drag(&self, from: impl Into<Spot>, to: impl Into<Spot>) -> Result<()> {
        let [from, to] = [from.into(), to.into()];
        self.await_part(from.clone()).await?;
        self.await_part(to.clone()).await?;
        let button = MOUSE_BUTTON_LEFT;
        let drag = MouseActions::new("mouse".into())
            .then(over(self.element(&from).await?))
            .then(PointerAction::Down { button })
            .then(over(self.element(&to).await?))
            .then(PointerAction::Up { button });
        answer("a drag", self.client.perform_actions(drag)).await
    }

    /// Goes to a screen by the navigation.
    ///
    /// # Errors
    /// If the navigation is not there.
    pub async fn go(&self, screen: Screen) -> Result<()> {
        self.click(screen.name()).await
    }

    /// Chooses a file, as the system's dialog would.
    ///
    /// # Errors
    /// If there is no such field for files.
    pub async fn upload(&self, spot: impl Into<Spot>, file: &std::path::Path) -> Result<()> {
        let spot = spot.into();
        self.await_part(spot.clone()).await?;
        let field = self.element(&spot).await?;
        answer("a file", field.send_keys(&file.to_string_lossy())).await
    }

    /// Types into a field, in place of what stands in it.
    ///
    /// # Errors
    /// If there is no such field.
    pub async fn fill(&self, spot: impl Into<Spot>, text: &str) -> Result<()> {
        let spot = spot.into();
        self.await_part(spot.clone()).await?;
        let select =
            "const field = document.querySelector(arguments[0]); field.focus(); field.select();";
        self.script(select, vec![spot.0.clone().into()]).await?;
        let field = self.element(&spot).await?;
        let text = if text.is_empty() {
            char::from(Key::Backspace).to_string()
        } else {
            text.into()
        };
        answer("typing", field.send_keys(&text)).await
    }

    /// Chooses an option of a list by its value.
    ///
    /// # Errors
    /// If there is no such list or option.
    pub async fn choose(&self, spot: impl Into<Spot>, value: &str) -> Result<()> {
        let spot = spot.into();
        self.await_part(spot.clone()).await?;
        let list = self.element(&spot).await?;
        answer("a choice from a list", list.select_by_value(value)).await
    }

    /// Presses and releases a key where the focus is.
    ///
    /// # Errors
    /// If the window is gone.
    pub async fn press(&self, key: Key) -> Result<()> {
        self.press_letter(key.into()).await
    }

    /// Types a letter where the focus is.
    ///
    /// # Errors
    /// If the window is gone.
    pub async fn press_letter(&self, value: char) -> Result<()> {
        let keys = KeyActions::new("keyboard".into());
        let keys = keys
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        answer("a key", self.client.perform_actions(keys)).await
    }

    /// Types a letter while another key is held.
    ///
    /// # Errors
    /// If the window is gone.
    pub async fn chord(&self, held: Key, letter: char) -> Result<()> {
        let (held, value) = (char::from(held), letter);
        let keys = KeyActions::new("keyboard".into());
        let keys = keys
            .then(KeyAction::Down { value: held })
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value })
            .then(KeyAction::Up { value: held });
        answer("two keys", self.client.perform_actions(keys)).await
    }

    /// Chooses the theme (`light`, `dark`, `system`) by the switch in the window.
    ///
    /// # Errors
    /// If the switch does not lead there.
    pub async fn theme(&self, theme: &str) -> Result<()> {
        eventually(PATIENCE, &format!("the theme {theme}"), async || {
            let root = Spot::css("html");
            if self.attribute(root.clone(), "data-theme").await? != theme {
                self.click("theme-toggle").await?;
            }
            let seen = self.attribute(root, "data-theme").await?;
            ensure!(seen == theme, "it is {seen}");
            Ok(())
        })
        .await
    }

    /// What axe-core (`axe`: its source) finds wrong with the screen at rest, one line each.
    ///
    /// # Errors
    /// If it can't run.
    pub async fn audit(&self, axe: &str) -> Result<Vec<String>> {
        self.at_rest().await?;
        if self.script("return typeof window.axe", vec![]).await? != json!("object") {
            self.script(axe, vec![]).await.context("axe-core")?;
        }
        let script = "const done = arguments[arguments.length - 1];
            axe.run(document, { resultTypes: ['violations'] }).then(
                result => done(result.violations.flatMap(({ id, help, nodes }) =>
                    nodes.map(node => `${id}: ${help}: ${node.html} ${node.failureSummary}`))),
                error => done([`axe failed: ${error}`]))";
        let found = answer("axe-core", self.client.execute_async(script, vec![])).await?;
        Ok(serde_json::from_value(found)?)
    }

    async fn element(&self, spot: &Spot) -> Result<Element> {
        answer(
            "a part of the window",
            self.client.find(Locator::Css(&spot.0)),
        )
        .await
    }
}

/// The pointer goes to the middle of it, in more than one step.
fn over(element: Element) -> PointerAction {
    PointerAction::MoveToElement {
        element,
        duration: Some(Duration::from_millis(100)),
        x: 0.0,
        y: 0.0,
    }
}
