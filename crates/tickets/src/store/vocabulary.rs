//! The words that tickets have been listed with, by which typos are forgiven.
//!
//! Whoever looks for a word that is mistyped has it replaced by the known ones that one typo makes it of, and then the
//! index of the tickets' words is asked for these: so it holds no more than the words themselves, and a ticket costs
//! nothing more each time it is stored. A word is written once, before the first ticket that has it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::future::try_join_all;
use ports::store::{Collection, Condition, Conflict, Index, Query, SoughtText, StoreError};
use runtime::store::{Store, Stored};
use serde::{Deserialize, Serialize};

use crate::domain::{SoughtWord, forgives_typos, is_one_typo_apart, remainders};

/// Each of the remainders that a word is found by.
const EACH_REMAINDER: &str = "remainders[]";
const REMAINDERS: &str = "remainders";
/// How many words that are in the store already are remembered, so that most tickets need not ask.
const REMEMBERED: usize = 20_000;
/// How many known words a search is given: far more than are like each other.
const LIKE: usize = 1000;

/// A word that some ticket has been listed with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KnownWord {
    id: String,
    remainders: Vec<String>,
}

impl Stored for KnownWord {
    const COLLECTION: &'static Collection = &Collection {
        name: "words",
        indexes: &[Index { name: "remainders", fields: &[EACH_REMAINDER], unique: false, only: None }],
    };

    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

/// All known words. Clones share them.
#[derive(Clone)]
pub(crate) struct Vocabulary {
    words: Store<KnownWord>,
    remembered: Arc<Mutex<HashSet<String>>>,
}

impl Vocabulary {
    pub(crate) fn new(words: Store<KnownWord>) -> Self {
        Self { words, remembered: Arc::default() }
    }

    /// Keeps those of the words in which a typo is forgiven.
    pub(crate) async fn learn(&self, words: Vec<String>) -> Result<(), StoreError> {
        let new: Vec<String> = {
            let remembered = self.remembered();
            words.into_iter().filter(|word| forgives_typos(word) && !remembered.contains(word)).collect()
        };
        try_join_all(new.into_iter().map(|word| self.keep(word))).await.map(drop)
    }

    async fn keep(&self, word: String) -> Result<(), StoreError> {
        let known = KnownWord { remainders: remainders(&word), id: word.clone() };
        match self.words.insert(known, &()).await {
            Ok(_) | Err(StoreError::Conflict(Conflict::Exists)) => {}
            Err(error) => return Err(error),
        }
        let mut remembered = self.remembered();
        if remembered.len() >= REMEMBERED {
            remembered.clear();
        }
        remembered.insert(word);
        Ok(())
    }

    /// For each of the words, the known ones that are one typo apart from it.
    pub(crate) async fn like(&self, words: &[SoughtWord]) -> Result<Vec<Vec<String>>, StoreError> {
        let spellings = words.iter().flat_map(SoughtWord::spellings).filter(|word| forgives_typos(word));
        let sought: Vec<SoughtText> = spellings.flat_map(|word| remainders(word)).map(SoughtText::Whole).collect();
        if sought.is_empty() {
            return Ok(vec![Vec::new(); words.len()]);
        }
        let query = Query { limit: Some(LIKE), ..Query::all(vec![Condition::HasAny(REMAINDERS, sought)]) };
        let known = self.words.find(&query).await?;
        let like = |word: &SoughtWord| {
            let is_like = |known: &str| {
                word.spellings().iter().any(|one| forgives_typos(one) && one != known && is_one_typo_apart(one, known))
            };
            known.iter().map(|known| &known.id).filter(|known| is_like(known)).cloned().collect()
        };
        Ok(words.iter().map(like).collect())
    }

    fn remembered(&self) -> MutexGuard<'_, HashSet<String>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
