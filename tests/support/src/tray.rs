//! The tray of a virtual desktop, used the way a panel uses it: over the session bus, after the
//! StatusNotifierItem specification, and its menus after `com.canonical.dbusmenu`.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use zbus::proxy::CacheProperties;
use zbus::zvariant::{DynamicType, OwnedValue, Structure, Type, Value};
use zbus::{Connection, Proxy, connection, fdo};

use crate::PATIENCE;
use crate::poll::eventually;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// Reaches the tray of one bus, if there is one.
pub struct Tray {
    connection: Connection,
}

/// An icon in the tray.
pub struct Icon<'a> {
    tray: &'a Tray,
    owner: String,
    path: String,
}

/// `RGBA` as it crosses the bus: width, height, pixels.
type Pixmap = (i32, i32, Vec<u8>);

impl Tray {
    pub(crate) async fn on(address: &str) -> Result<Self> {
        let connection = connection::Builder::address(address)?.build().await?;
        Ok(Self { connection })
    }

    /// Whether a panel shows icons.
    ///
    /// # Errors
    /// If the bus does not answer.
    pub async fn is_there(&self) -> Result<bool> {
        if !self.has_owner(WATCHER).await? {
            return Ok(false);
        }
        let watcher = self.watcher().await?;
        Ok(watcher
            .get_property("IsStatusNotifierHostRegistered")
            .await?)
    }

    /// Awaits the first icon.
    ///
    /// # Errors
    /// If there is none after [`PATIENCE`].
    pub async fn icon(&self) -> Result<Icon<'_>> {
        eventually(PATIENCE, "an icon in the tray", async || {
            let items: Vec<String> = self
                .watcher()
                .await?
                .get_property("RegisteredStatusNotifierItems")
                .await?;
            let item = items.first().context("the tray is empty")?;
            let (owner, path) = match item.find('/') {
                Some(slash) => item.split_at(slash),
                None => (item.as_str(), "/StatusNotifierItem"),
            };
            Ok(Icon {
                tray: self,
                owner: owner.to_owned(),
                path: path.to_owned(),
            })
        })
        .await
    }

    /// Whether somebody has this name on the bus.
    pub(crate) async fn has_owner(&self, name: &str) -> Result<bool> {
        let bus = fdo::DBusProxy::new(&self.connection).await?;
        Ok(bus.name_has_owner(name.try_into()?).await?)
    }

    async fn watcher(&self) -> Result<Proxy<'_>> {
        self.proxy(WATCHER, "/StatusNotifierWatcher", WATCHER).await
    }

    async fn proxy<'a>(
        &'a self,
        owner: &'a str,
        path: &'a str,
        interface: &'a str,
    ) -> Result<Proxy<'a>> {
        let builder = zbus::proxy::Builder::new(&self.connection)
            .destination(owner)?
            .path(path)?
            .interface(interface)?
            .cache_properties(CacheProperties::No);
        Ok(builder.build().await?)
    }
}

impl Icon<'_> {
    /// What appears when the pointer rests on it: title and text.
    ///
    /// # Errors
    /// If the program does not answer.
    pub async fn tooltip(&self) -> Result<String> {
        let (_, _, title, text): (String, Vec<Pixmap>, String, String) =
            self.property("ToolTip").await?;
        Ok(format!("{title}\n{text}"))
    }

    /// Awaits a tooltip that contains this.
    ///
    /// # Errors
    /// If it does not after [`PATIENCE`].
    pub async fn await_tooltip(&self, part: &str) -> Result<String> {
        eventually(PATIENCE, &format!("{part:?} in the tooltip"), async || {
            let tooltip = self.tooltip().await?;
            ensure!(tooltip.contains(part), "it says {tooltip:?}");
            Ok(tooltip)
        })
        .await
    }

    /// The picture's pixels.
    ///
    /// # Errors
    /// If the program does not answer or has no picture.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        let pictures: Vec<Pixmap> = self.property("IconPixmap").await?;
        let (_, _, pixels) = pictures.into_iter().next().context("no picture")?;
        Ok(pixels)
    }

    /// Clicks on it with the left button.
    ///
    /// # Errors
    /// If the program does not answer.
    pub async fn click(&self) -> Result<()> {
        let proxy = self.tray.proxy(&self.owner, &self.path, ITEM).await?;
        Ok(proxy.call("Activate", &(0, 0)).await?)
    }

    /// The texts of its menu from top to bottom.
    ///
    /// # Errors
    /// If the program does not answer.
    pub async fn menu(&self) -> Result<Vec<String>> {
        let entries = self.entries().await?;
        Ok(entries.into_iter().map(|(_, label)| label).collect())
    }

    /// Opens the menu and clicks on the entry with this text, as soon as there is one.
    ///
    /// # Errors
    /// If there is none after [`PATIENCE`].
    pub async fn choose(&self, label: &str) -> Result<()> {
        let what = format!("{label:?} in the menu");
        eventually(PATIENCE, &what, async || {
            let entries = self.entries().await?;
            let found = entries.iter().find(|(_, text)| text == label);
            let (id, _) = found.with_context(|| format!("it has {entries:?}"))?;
            // Refused if the menu has changed since: the entry is looked for again.
            let event = (id, "clicked", Value::from(0), 0_u32);
            self.call_menu("Event", &event).await
        })
        .await
    }

    async fn entries(&self) -> Result<Vec<(i32, String)>> {
        let _: bool = self.call_menu("AboutToShow", &(0,)).await?;
        let all = (0, -1, Vec::<String>::new());
        type Entry = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);
        let (_revision, (_, _, children)): (u32, Entry) = self.call_menu("GetLayout", &all).await?;
        let mut entries = Vec::new();
        for child in children {
            let child: Structure<'_> = child.try_into()?;
            let (id, mut properties, _): Entry = child.try_into()?;
            // A line between entries has no label.
            if let Some(label) = properties.remove("label") {
                // An underscore marks the letter of the keyboard, two are one.
                entries.push((id, String::try_from(label)?.replace("__", "_")));
            }
        }
        Ok(entries)
    }

    async fn call_menu<B, A>(&self, method: &str, body: &B) -> Result<A>
    where
        B: zbus::export::serde::Serialize + DynamicType,
        A: for<'a> zbus::export::serde::Deserialize<'a> + Type,
    {
        let path: zbus::zvariant::OwnedObjectPath = self.property("Menu").await?;
        let proxy = self.tray.proxy(&self.owner, path.as_str(), MENU).await?;
        Ok(proxy.call(method, body).await?)
    }

    async fn property<T>(&self, name: &str) -> Result<T>
    where
        T: TryFrom<OwnedValue>,
        T::Error: Into<zbus::Error>,
    {
        let proxy = self.tray.proxy(&self.owner, &self.path, ITEM).await?;
        Ok(proxy.get_property(name).await?)
    }
}
