//! Seeded chance that keeps its promises: a deck of cards is drawn to its end before it is
//! shuffled anew, so that a rare card turns up once per deck and never waits for luck.
//!
//! Knows nothing of what the cards mean.

use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};

/// Cards that come up again and again, in a new order each time.
#[derive(Debug)]
pub(super) struct Deck<T> {
    cards: Vec<T>,
    left: Vec<T>,
}

impl<T: Copy + Default> Deck<T> {
    /// A deck with each card as often as it says. Without any card it gives the default for ever.
    pub(super) fn new(cards: &[(usize, T)]) -> Self {
        let cards = cards
            .iter()
            .flat_map(|(times, card)| vec![*card; *times])
            .collect();
        Self {
            cards,
            left: Vec::new(),
        }
    }

    /// The next card.
    pub(super) fn draw(&mut self, rng: &mut StdRng) -> T {
        if self.left.is_empty() {
            self.left.clone_from(&self.cards);
            self.left.shuffle(rng);
        }
        self.left.pop().unwrap_or_default()
    }

    /// Gives back a card that could not be used: it is the next one.
    pub(super) fn put_back(&mut self, card: T) {
        self.left.push(card);
    }
}

/// One of `all`, each as likely as the other; the default if there is none.
pub(super) fn pick<T: Copy + Default>(rng: &mut StdRng, all: &[T]) -> T {
    all.choose(rng).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn every_card_comes_once_per_deck_in_changing_order() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut deck = Deck::new(&[(7, 1), (1, 2)]);
        let mut places = Vec::new();
        for _ in 0..20 {
            let drawn: Vec<u8> = (0..8).map(|_| deck.draw(&mut rng)).collect();
            assert_eq!(drawn.iter().filter(|card| **card == 2).count(), 1);
            places.push(drawn.iter().position(|card| *card == 2));
        }
        places.dedup();
        assert!(places.len() > 5);
    }
}
