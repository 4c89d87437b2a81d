use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

use super::Browser;

/// A command that fantoccini has no method for.
#[derive(Debug)]
pub(super) struct Command {
    method: Method,
    /// The path below the session.
    path: String,
    /// The body, if any.
    body: Option<Value>,
}

impl Command {
    pub(super) fn get(path: String) -> Self {
        Self { method: Method::GET, path, body: None }
    }

    pub(super) fn post(path: &str, body: Value) -> Self {
        Self { method: Method::POST, path: path.to_owned(), body: Some(body) }
    }

    pub(super) fn delete(path: String) -> Self {
        Self { method: Method::DELETE, path, body: None }
    }
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (self.method.clone(), self.body.as_ref().map(Value::to_string))
    }
}

impl Browser {
    pub(super) async fn issue(&self, command: Command) -> Result<Value, CmdError> {
        self.client.issue_cmd(command).await
    }

    /// A command of the Chrome DevTools protocol.
    pub(super) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        let answer = self.issue(Command::post("goog/cdp/execute", body)).await;
        answer.unwrap_or_else(|error| panic!("{command} failed: {error}"))
    }
}
