use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use common::id::UserId;

use super::{Mail, NotSent, Transport};

/// How many mails are kept; of more, the last ones.
const CAPACITY: usize = 200;

/// The mails that would have been sent, if there were a server. In memory only: their links let people in, and must
/// not be at rest anywhere. Clones share them.
#[derive(Clone, Default)]
pub struct KeptMails(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    last_number: u64,
    mails: VecDeque<KeptMail>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMail {
    /// Its number, counted from the start of the process.
    pub number: u64,
    /// The mail.
    pub mail: Mail,
}

impl KeptMails {
    /// All of them, the last one first.
    pub fn all(&self) -> Vec<KeptMail> {
        self.lock().mails.iter().rev().cloned().collect()
    }

    /// The one with this number, if it is there still.
    pub fn get(&self, number: u64) -> Option<KeptMail> {
        self.lock().mails.iter().find(|kept| kept.number == number).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // A panic leaves nothing inconsistent behind this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Transport for KeptMails {
    async fn send(&self, mail: &Mail) -> Result<(), NotSent> {
        let mut kept = self.lock();
        kept.last_number += 1;
        let number = kept.last_number;
        kept.mails.push_back(KeptMail { number, mail: mail.clone() });
        let excess = kept.mails.len().saturating_sub(CAPACITY);
        kept.mails.drain(..excess);
        Ok(())
    }

    fn forget(&self, person: UserId) {
        self.lock().mails.retain(|kept| kept.mail.recipient != person);
    }
}

#[cfg(test)]
mod tests {
    use common::email::Email;
    use common::id::IdGenerator;
    use common::time::Timestamp;

    use super::*;
    use crate::Sender;

    fn mail(recipient: UserId) -> Mail {
        Mail {
            id: "1@localhost".into(),
            recipient,
            from: Sender::default(),
            to: Email::parse("ada@example.com").expect("an address"),
            date: Timestamp::from_millis(0),
            subject: "Hello".into(),
            text: "Hello".into(),
            html: "<p>Hello".into(),
        }
    }

    #[tokio::test]
    async fn the_last_ones_are_kept_and_keep_their_numbers() {
        let (kept, ids) = (KeptMails::default(), IdGenerator::seeded(1));
        let person = ids.next(Timestamp::from_millis(0));
        for _ in 0..CAPACITY + 3 {
            kept.send(&mail(person)).await.expect("is kept");
        }
        let all = kept.all();
        assert_eq!(all.len(), CAPACITY);
        let (last, first) = (all[0].number, all[CAPACITY - 1].number);
        assert_eq!((last, first), (CAPACITY as u64 + 3, 4));
        assert!(kept.get(4).is_some() && kept.get(3).is_none());
    }

    #[tokio::test]
    async fn nothing_is_kept_of_somebody_who_is_forgotten() {
        let (kept, ids) = (KeptMails::default(), IdGenerator::seeded(1));
        let [person, another] = [(); 2].map(|()| ids.next(Timestamp::from_millis(0)));
        for recipient in [person, another] {
            kept.send(&mail(recipient)).await.expect("is kept");
        }
        kept.forget(person);
        assert_eq!(kept.all().iter().map(|kept| kept.mail.recipient).collect::<Vec<_>>(), [another]);
    }
}
