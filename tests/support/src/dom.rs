//! What is seen in the desk's window, by the names that its parts have for tests (`data-testid`).

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::PATIENCE;
use crate::desk::Desk;
use crate::poll::{answer, eventually};

/// A place in the window. `"status-line".into()` is the part of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot(pub(crate) String);

impl Spot {
    /// The part with this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self::css("").with("data-testid", name)
    }

    /// Anything, by a CSS selector.
    #[must_use]
    pub fn css(selector: &str) -> Self {
        Self(selector.to_owned())
    }

    /// Only with this attribute.
    #[must_use]
    pub fn with(mut self, attribute: &str, value: &str) -> Self {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"");
        self.0.push_str(&format!("[{attribute}=\"{value}\"]"));
        self
    }

    /// The part with this name inside of it.
    #[must_use]
    pub fn inside(self, name: &str) -> Self {
        Self(format!("{} [data-testid=\"{name}\"]", self.0))
    }
}

impl From<&str> for Spot {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl Desk {
    /// Runs a script in the window's page; `arguments` are its arguments, `return` gives the result.
    ///
    /// # Errors
    /// If the script throws or the window is gone.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        answer(
            "a script in the window",
            self.client.execute(script, arguments),
        )
        .await
    }

    /// Runs a script that calls its last argument when it is done; what it gives to it is the result.
    ///
    /// # Errors
    /// If the script throws, never calls it, or the window is gone.
    pub async fn script_async(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        answer(
            "a script in the window",
            self.client.execute_async(script, arguments),
        )
        .await
    }

    /// What a command of the program answers to the window.
    ///
    /// # Errors
    /// What the command throws, or that the window is gone.
    pub async fn invoke(&self, command: &str, arguments: Value) -> Result<Value> {
        let script = "const [command, given, done] = arguments;
            window.__TAURI_INTERNALS__.invoke(command, given)
                .then(answer => done({ answer }), error => done({ error }))";
        let asking = self
            .client
            .execute_async(script, vec![command.into(), arguments]);
        let answered = answer(command, asking).await?;
        match answered.get("error") {
            Some(error) => bail!("{command}: {error}"),
            None => Ok(answered.get("answer").cloned().unwrap_or_default()),
        }
    }

    /// The texts of all parts at this spot, as they stand in the document.
    ///
    /// # Errors
    /// If the window is gone.
    pub async fn texts(&self, spot: impl Into<Spot>) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .map(part => part.textContent.trim())";
        let texts = self.script(script, vec![spot.into().0.into()]).await?;
        Ok(serde_json::from_value(texts)?)
    }

    /// The text of the first part at this spot.
    ///
    /// # Errors
    /// If there is none; the message lists the parts that are there.
    pub async fn text(&self, spot: impl Into<Spot>) -> Result<String> {
        let spot = spot.into();
        match self.texts(spot.clone()).await?.into_iter().next() {
            Some(text) => Ok(text),
            None => bail!("nothing at {}; there are {:?}", spot.0, self.parts().await?),
        }
    }

    /// An attribute of the first part at this spot.
    ///
    /// # Errors
    /// If there is no such part or attribute.
    pub async fn attribute(&self, spot: impl Into<Spot>, name: &str) -> Result<String> {
        let spot = spot.into();
        let all = self.attributes(spot.clone(), name).await?;
        all.into_iter()
            .next()
            .with_context(|| format!("no {name} at {}", spot.0))
    }

    /// An attribute of all parts at this spot that have it.
    ///
    /// # Errors
    /// If the window is gone.
    pub async fn attributes(&self, spot: impl Into<Spot>, name: &str) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .map(part => part.getAttribute(arguments[1])).filter(value => value !== null)";
        let values = self
            .script(script, vec![spot.into().0.into(), name.into()])
            .await?;
        Ok(serde_json::from_value(values)?)
    }

    /// The names of all parts in the window, each once.
    ///
    /// # Errors
    /// If the window is gone.
    pub async fn parts(&self) -> Result<Vec<String>> {
        let script = "return [...new Set([...document.querySelectorAll('[data-testid]')]
            .map(part => part.dataset.testid))]";
        Ok(serde_json::from_value(self.script(script, vec![]).await?)?)
    }

    /// Awaits a part at this spot.
    ///
    /// # Errors
    /// If there is none after [`PATIENCE`].
    pub async fn await_part(&self, spot: impl Into<Spot>) -> Result<()> {
        self.await_text(spot, "").await.map(drop)
    }

    /// Awaits that the first part at this spot contains `part`, and returns its whole text.
    ///
    /// # Errors
    /// If it does not after [`PATIENCE`].
    pub async fn await_text(&self, spot: impl Into<Spot>, part: &str) -> Result<String> {
        let spot = spot.into();
        eventually(PATIENCE, &format!("{part:?} at {}", spot.0), async || {
            let text = self.text(spot.clone()).await?;
            ensure!(text.contains(part), "it says {text:?}");
            Ok(text)
        })
        .await
    }

    /// Awaits that the first part at this spot has this attribute.
    ///
    /// # Errors
    /// If it does not after [`PATIENCE`].
    pub async fn await_attribute(
        &self,
        spot: impl Into<Spot>,
        name: &str,
        value: &str,
    ) -> Result<()> {
        let spot = spot.into();
        eventually(
            PATIENCE,
            &format!("{name}={value:?} at {}", spot.0),
            async || {
                let seen = self.attribute(spot.clone(), name).await?;
                ensure!(seen == value, "it is {seen:?}");
                Ok(())
            },
        )
        .await
    }

    /// Awaits that exactly so many parts are at this spot, and returns their texts.
    ///
    /// # Errors
    /// If there are not after [`PATIENCE`].
    pub async fn await_count(&self, spot: impl Into<Spot>, count: usize) -> Result<Vec<String>> {
        let spot = spot.into();
        eventually(
            PATIENCE,
            &format!("{count} parts at {}", spot.0),
            async || {
                let texts = self.texts(spot.clone()).await?;
                ensure!(texts.len() == count, "there are {}: {texts:?}", texts.len());
                Ok(texts)
            },
        )
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spot_is_a_selector_with_quoted_values() {
        let row = Spot::new("esim-row")
            .with("data-key", r#"a"b\"#)
            .inside("status");
        let css = r#"[data-testid="esim-row"][data-key="a\"b\\"] [data-testid="status"]"#;
        assert_eq!(row, Spot::css(css));
    }
}
