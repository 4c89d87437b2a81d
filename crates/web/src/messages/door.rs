/// The door of an event.
pub(crate) struct Door {
    /// From the page of the event.
    pub(crate) link: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) to: fn(&str) -> String,
    pub(crate) door: &'static str,
    pub(crate) door_name: &'static str,
    pub(crate) code: &'static str,
    pub(crate) code_hint: &'static str,
    pub(crate) no_code: &'static str,
    pub(crate) button: &'static str,
    pub(crate) camera: &'static str,
    pub(crate) no_camera: &'static str,
    pub(crate) sound: &'static str,
    pub(crate) ready: &'static str,
    pub(crate) checking: &'static str,
    pub(crate) live: &'static str,
    /// With `{asOf}` and `{waiting}`.
    pub(crate) offline: &'static str,
    /// With `{asOf}` and `{waiting}`.
    pub(crate) busy: &'static str,
    /// With `{asOf}` and `{waiting}`.
    pub(crate) signed_out: &'static str,
    pub(crate) elsewhere: &'static str,
    pub(crate) admitted: &'static str,
    pub(crate) already: &'static str,
    /// With `{at}` and `{door}`.
    pub(crate) first: &'static str,
    pub(crate) void: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) other_event: &'static str,
    pub(crate) undecided: &'static str,
    pub(crate) conflicts: &'static str,
    /// With `{seat}`, `{here}`, `{by}`, `{at}` and `{door}`: somebody else was first.
    pub(crate) conflict: &'static str,
    /// The same, if somebody else came later with the same ticket.
    pub(crate) conflict_later: &'static str,
    /// With `{seat}`, `{here}` and `{by}`: nobody has gone in with a valid ticket.
    pub(crate) conflict_void: &'static str,
    /// With `{seat}`, `{here}`, `{by}`, `{at}` and `{door}`: somebody has.
    pub(crate) conflict_void_inside: &'static str,
    /// With `{seat}` and `{here}`: the server does not take the scan.
    pub(crate) not_taken: &'static str,
    pub(crate) away: &'static str,
}

pub(super) const ENGLISH: Door = Door {
    link: "Check people in",
    heading: "Door",
    to: |event| format!("to {event}"),
    door: "What this door is called",
    door_name: "Door",
    code: "Code of the ticket",
    code_hint: "It begins with T1.",
    no_code: "Type the code of the ticket",
    button: "Check in",
    camera: "Use the camera",
    no_camera: "The camera cannot be used. Type the code instead.",
    sound: "Sound",
    ready: "Ready",
    checking: "Checking…",
    live: "Connected",
    offline: "No connection: deciding by the list of {asOf}. Scans to be sent: {waiting}",
    busy: "Too many scans at once: deciding by the list of {asOf} for the moment. Scans to be sent: {waiting}",
    signed_out: "You have been signed out, or may not open this door any more: deciding by the list of {asOf}. Scans to be \
        sent: {waiting}. Open this page again and sign in",
    elsewhere: "This door is open in another tab of this browser. This one goes on when that is closed",
    admitted: "Let in",
    already: "Already in",
    first: "Went in at {at}, {door}",
    void: "Not valid any more",
    unknown: "Not a ticket",
    other_event: "Another event",
    undecided: "Cannot tell",
    conflicts: "Let in, but should not have been",
    conflict: "{seat} at {here}, {by}: had been let in at {at}, {door}",
    conflict_later: "{seat} at {here}, {by}: somebody else was let in with the same ticket at {at}, {door}",
    conflict_void: "{seat} at {here}, {by}: the ticket was not valid any more",
    conflict_void_inside: "{seat} at {here}, {by}: the ticket was not valid any more. Somebody with a valid one went in at \
        {at}, {door}",
    not_taken: "{seat} at {here}: the scan could not be recorded. Check the clock of this device, and tell the organiser",
    away: "Nobody answers, so nothing is checked in. Please try again",
};
