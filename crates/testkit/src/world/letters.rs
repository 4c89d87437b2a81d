//! What people are told of their accounts by mail, and the links in it.

use common::addressee::{Addressee, FIND_ADDRESSEE, FindAddressee, LinkToken, Notice};
use common::events::{Event, NoticeDue, stream_of};
use ports::bus::Watched;

use super::World;

impl World {
    /// What people are to be told of their accounts, so far.
    ///
    /// # Panics
    /// If the bus does not answer.
    pub async fn notices(&self) -> Vec<NoticeDue> {
        self.settle().await;
        let stream = stream_of(NoticeDue::TYPE);
        let mut watch = self.platform.bus.watch(stream, &[NoticeDue::TYPE], true).await.expect("the bus answers");
        let mut notices = Vec::new();
        while let Watched::Event(event) = watch.next().await.expect("the bus answers") {
            notices.push(event.payload().expect("a notice"));
        }
        notices
    }

    /// What the link of a mail carries that is written now.
    ///
    /// # Panics
    /// If auth does not answer with one.
    pub async fn link(&self, notice: &NoticeDue) -> LinkToken {
        let kind = notice.kind.clone().known().expect("a kind of ours");
        let notice = FindAddressee { user_id: notice.user_id, notice: Some(Notice { id: notice.id, kind }) };
        let answer = self.platform.peers.ask_auth(FIND_ADDRESSEE, &notice).await.expect("auth answers");
        let Addressee::At(directions) = answer else { panic!("there is nothing to be written") };
        directions.link.expect("there is a link").token
    }
}
