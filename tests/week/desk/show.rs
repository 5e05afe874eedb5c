//! What is shown to whoever sits at the desk.

use super::*;

impl Desk {
    pub(super) async fn show(&mut self, notice: Notice) {
        let at = self.now();
        let told = notice.alerts.iter().map(|id| {
            let alert = self.read(|store| store.alert(*id)).unwrap();
            let of_esim = matches!(alert.fact.subject, Subject::Esim(_));
            let esim_id = alert.esim.and_then(|esim| esim.esim_id);
            Telling {
                at,
                esim_id: esim_id.filter(|_| of_esim),
                rule: alert.fact.rule,
                since: alert.fact.since,
            }
        });
        let told = told.collect();
        self.shown.push(Shown {
            told,
            knowing: self.knows || self.hears_all,
        });
        let failing = self.is_failing();
        let (clock_ms, running) = (self.clock_ms(), self.running.as_mut().unwrap());
        let shown = running.engine.shown(notice.alerts, clock_ms).await;
        assert!(shown.is_ok() || failing);
    }
}
