use std::collections::BTreeSet;
use std::sync::Weak;
use std::time::Duration;

use stripe_sim::{
    DisputeOutcome, DisputeStatus, LedgerIntent, LedgerRefund, Processed, RefundFate, RefundStatus, Simulator,
};

use super::chance::Chance;
use super::faults::Weather;
use super::history::{History, HistoryEvent};
use super::party::Actor;
use super::system::System;

/// The banks behind Stripe, which decide about payments, refunds and disputes when they see fit, and the merchant,
/// who refunds some payments in Stripe's dashboard.
pub(super) struct Banks {
    simulator: Simulator,
    chance: Chance,
    history: History,
    /// The refunds that fail no more.
    final_refunds: BTreeSet<String>,
}

impl Banks {
    pub(super) fn new(system: &System, chance: Chance) -> Self {
        let (simulator, history) = (system.simulator.clone(), system.around.history.clone());
        Self { simulator, chance, history, final_refunds: BTreeSet::new() }
    }

    /// Works until the system is gone. Once the faults have stopped, nothing waits any more, and what has
    /// succeeded stays so.
    pub(super) async fn work(mut self, system: Weak<System>) {
        loop {
            tokio::time::sleep(Duration::from_millis(700)).await;
            let Some(system) = system.upgrade() else { return };
            let weather = system.around.weather.clone();
            drop(system);
            let Ok(ledger) = self.simulator.ledger().await else { continue };
            for intent in &ledger.intents {
                self.process(intent, &weather).await;
                self.give_back(intent, &weather).await;
                self.dispute(intent, &weather).await;
                for refund in &intent.refunds {
                    self.settle(refund, &weather).await;
                }
            }
        }
    }

    async fn process(&self, intent: &LedgerIntent, weather: &Weather) {
        if intent.status != "processing" || !(weather.has_cleared() || self.chance.hits(1_500)) {
            return;
        }
        let processed = if self.chance.hits(8_000) { Processed::Granted } else { Processed::Declined };
        self.note(format!("the bank decides about {}: {processed:?}", intent.id));
        // It may have been cancelled meanwhile.
        let _ = self.simulator.finish_processing(&intent.id, processed).await;
    }

    /// The merchant refunds a payment in the dashboard, whole or in part, of which payments hears by a webhook at best.
    async fn give_back(&self, intent: &LedgerIntent, weather: &Weather) {
        let is_kept = intent.kept() > 0 && intent.refunds.iter().all(LedgerRefund::is_alive);
        if !is_kept || !weather.strikes(|rates| rates.dashboard_refund) {
            return;
        }
        let fate = match self.chance.between(0..=19) {
            0..12 => Some(RefundFate::Pends),
            12 => Some(RefundFate::Fails),
            _ => None,
        };
        let part = self.chance.hits(4_000).then_some(intent.kept() / 3).filter(|part| *part > 0);
        self.note(format!("{} is refunded in the dashboard: {part:?}, {fate:?}", intent.id));
        // Payments may have been faster.
        let _ = self.simulator.refund_in_dashboard_with(&intent.id, part, fate).await;
    }

    /// The buyer's bank takes the money back, and some time later decides. It may never do so.
    async fn dispute(&self, intent: &LedgerIntent, weather: &Weather) {
        match intent.dispute {
            None if intent.captured > 0 && weather.strikes(|rates| rates.dispute) => {
                self.note(format!("{} is disputed", intent.id));
                // The buyer may have the money already.
                let _ = self.simulator.open_dispute(&intent.id).await;
            }
            Some(DisputeStatus::NeedsResponse) if !weather.has_cleared() && self.chance.hits(2_500) => {
                let outcome = if self.chance.hits(5_000) { DisputeOutcome::Won } else { DisputeOutcome::Lost };
                self.note(format!("the dispute about {} is decided: {outcome:?}", intent.id));
                // Nobody else decides.
                let _ = self.simulator.close_dispute(&intent.id, outcome).await;
            }
            _ => {}
        }
    }

    async fn settle(&mut self, refund: &LedgerRefund, weather: &Weather) {
        let fails = weather.strikes(|rates| rates.refund_fails);
        let settled = match refund.status {
            RefundStatus::Pending if fails => RefundStatus::Failed,
            RefundStatus::Pending if weather.has_cleared() || self.chance.hits(3_000) => RefundStatus::Succeeded,
            RefundStatus::Succeeded if fails && self.final_refunds.insert(refund.id.clone()) => RefundStatus::Failed,
            _ => return,
        };
        self.note(format!("the refund {} is settled: {settled:?}", refund.id));
        // It may have been settled meanwhile.
        let _ = self.simulator.settle_refund(&refund.id, settled).await;
    }

    fn note(&self, what: String) {
        self.history.note(HistoryEvent::Trouble { who: Actor::Stripe, what });
    }
}
