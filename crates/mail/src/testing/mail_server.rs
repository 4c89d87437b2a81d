use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use crate::transport::{Mail, NotSent, Transport};

/// What the mail server says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    Accept,
    Later,
    Never,
    NobodyThere,
}

/// A mail server that says what a test wants.
#[derive(Clone)]
pub(super) struct ScriptedServer(Arc<Mutex<Script>>);

struct Script {
    reply: Reply,
    /// What it has taken on.
    mails: Vec<Mail>,
}

#[async_trait]
impl Transport for ScriptedServer {
    async fn send(&self, mail: &Mail) -> Result<(), NotSent> {
        let mut script = self.0.lock().expect("nobody panicked");
        match script.reply {
            Reply::Accept => {
                script.mails.push(mail.clone());
                Ok(())
            }
            Reply::Later => Err(NotSent::Later("the recipient: 451 4.7.1".into())),
            Reply::Never => Err(NotSent::Never("the content: 554 5.6.0".into())),
            Reply::NobodyThere => Err(NotSent::NobodyThere("the recipient: 550 5.1.1".into())),
        }
    }
}

impl ScriptedServer {
    /// One that takes on everything.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Script { reply: Reply::Accept, mails: Vec::new() })))
    }

    /// From now on it says this.
    pub(super) fn script(&self, reply: Reply) {
        self.0.lock().expect("nobody panicked").reply = reply;
    }

    /// What it has taken on.
    pub(super) fn mails(&self) -> Vec<Mail> {
        self.0.lock().expect("nobody panicked").mails.clone()
    }
}
