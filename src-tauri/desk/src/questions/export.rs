//! Questions of the window about export.

use crate::Desk;
use crate::error::{Answer, CommandError};
use crate::esim::EsimRow;
use crate::esim_list::EsimColumn;
use crate::export::columns;
use crate::export::file::{self, ClipboardTable};
use crate::export::{ExportProgress, ExportRequest, Exported, headings as named, run};
use std::collections::BTreeMap;

impl Desk {
    /// Writes a list into a file in the downloads folder. `told`: how far it is, now and then.
    ///
    /// # Errors
    /// If the list can't be read, the file can't be written, or somebody cancelled it.
    pub async fn export(
        &self,
        request: ExportRequest,
        mut told: impl FnMut(ExportProgress) + Send + 'static,
    ) -> Answer<Exported> {
        let (id, list, locale) = (request.id, self.list.clone(), self.language.locale());
        let now = self.now();
        let readers = self.engine()?.readers().clone();
        let cancelled = self.exports.begin(id);
        let work = move || {
            // One consistent state of the store, whatever comes meanwhile.
            readers.read(|store| {
                Ok(run(
                    store,
                    (&list, now),
                    &locale,
                    &request,
                    &mut told,
                    &cancelled,
                ))
            })
        };
        let done = tokio::task::spawn_blocking(work).await;
        self.exports.end(id);
        match done {
            Ok(done) => done?.map_err(|error| CommandError::new(&error)),
            Err(error) => Err(error.into()),
        }
    }

    /// Stops an export; it leaves no file.
    ///
    /// # Errors
    /// None.
    pub async fn cancel_export(&self, id: u32) -> Answer<()> {
        self.exports.cancel(id);
        Ok(())
    }

    /// eSIMs as a table below these headings (as of an export of eSIMs), and how many they are.
    ///
    /// # Errors
    /// If the store can't be read.
    pub async fn table_of(
        &self,
        keys: Vec<String>,
        headings: BTreeMap<String, String>,
    ) -> Answer<(ClipboardTable, u32)> {
        let locale = self.language.locale();
        self.read(move |store| {
            let esims = EsimRow::read_keys(store, &keys)?;
            let row = |esim| columns::cells(EsimColumn::exported(), esim, false);
            let rows: Vec<_> = esims.iter().map(row).collect();
            let heads = columns::heads(EsimColumn::exported());
            let headings = named(&heads, &headings, &locale.zone, false);
            let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            Ok((file::table(&headings, &rows, &locale), count))
        })
        .await
    }
}
