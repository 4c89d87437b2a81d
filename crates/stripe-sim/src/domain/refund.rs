use serde::{Deserialize, Serialize};

/// A refund of an intent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refund {
    pub(crate) id: String,
    pub(crate) amount: i64,
    /// Seconds since 1970.
    pub(crate) created: i64,
    pub(crate) reason: Option<String>,
    pub(crate) metadata: Vec<(String, String)>,
}

impl Refund {
    /// The id of the `number`th refund of an intent. It contains the intent's id.
    pub(crate) fn id_for(intent: &str, number: usize) -> String {
        format!("re_{}_{number}", intent.trim_start_matches("pi_"))
    }
}

/// The intent a refund's id belongs to.
pub(crate) fn intent_of_refund(id: &str) -> Option<String> {
    let (intent, _) = id.strip_prefix("re_")?.rsplit_once('_')?;
    Some(format!("pi_{intent}"))
}
