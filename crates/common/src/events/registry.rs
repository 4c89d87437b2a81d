use super::{
    DeliveryMissed, DeliveryReleased, DeliverySealed, Event, EventChanged, ExpirationCompleted, NoticeDue,
    OrderCancelled, OrderCompleted, OrderCreated, PaymentCreated, PaymentDisputed, PaymentFailed, PaymentPaused,
    PaymentRefunded, PaymentStarted, SessionRevoked, TicketCreated, TicketUpdated, UserErased, WholeState, stream_of,
};

/// What is known about a kind of event without an instance of it.
pub struct EventType {
    /// Its CloudEvents type, which is also its subject on the bus.
    pub name: &'static str,
    /// Whether it is a [`WholeState`].
    pub is_whole_state: bool,
    #[cfg(feature = "asyncapi")]
    pub(super) schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
}

/// Every kind of event there is. A test finds those that are missing here.
pub const EVENT_TYPES: [EventType; 19] = [
    EventType::whole_state::<TicketCreated>(),
    EventType::whole_state::<TicketUpdated>(),
    EventType::whole_state::<EventChanged>(),
    EventType::of::<OrderCreated>(),
    EventType::of::<OrderCancelled>(),
    EventType::of::<OrderCompleted>(),
    EventType::of::<ExpirationCompleted>(),
    EventType::of::<PaymentStarted>(),
    EventType::of::<PaymentPaused>(),
    EventType::of::<PaymentCreated>(),
    EventType::of::<PaymentFailed>(),
    EventType::of::<PaymentRefunded>(),
    EventType::of::<PaymentDisputed>(),
    EventType::of::<DeliverySealed>(),
    EventType::of::<DeliveryReleased>(),
    EventType::of::<DeliveryMissed>(),
    EventType::of::<SessionRevoked>(),
    EventType::of::<NoticeDue>(),
    EventType::of::<UserErased>(),
];

impl EventType {
    #[cfg(feature = "asyncapi")]
    const fn of<E: Event + schemars::JsonSchema>() -> Self {
        Self { name: E::TYPE, is_whole_state: false, schema: |schemas| schemas.subschema_for::<E>() }
    }

    #[cfg(feature = "asyncapi")]
    const fn whole_state<E: WholeState + schemars::JsonSchema>() -> Self {
        Self { is_whole_state: true, ..Self::of::<E>() }
    }

    #[cfg(not(feature = "asyncapi"))]
    const fn of<E: Event>() -> Self {
        Self { name: E::TYPE, is_whole_state: false }
    }

    #[cfg(not(feature = "asyncapi"))]
    const fn whole_state<E: WholeState>() -> Self {
        Self { is_whole_state: true, ..Self::of::<E>() }
    }

    /// The service that publishes it.
    pub fn owner(&self) -> &'static str {
        match stream_of(self.name) {
            "sessions" | "notices" | "users" => "auth",
            "deliveries" => "delivery",
            stream => stream,
        }
    }
}

/// The streams that events are kept in.
pub fn streams() -> Vec<&'static str> {
    let mut streams: Vec<_> = EVENT_TYPES.iter().map(|event| stream_of(event.name)).collect();
    streams.sort_unstable();
    streams.dedup();
    streams
}

/// The types of a stream's events of which a later one supersedes the earlier ones of its aggregate.
pub fn whole_states(stream: &str) -> Vec<&'static str> {
    let are_whole = |event: &&EventType| event.is_whole_state && stream_of(event.name) == stream;
    EVENT_TYPES.iter().filter(are_whole).map(|event| event.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An event that is missing in the list would be missing in the description of the events, too.
    #[test]
    fn every_event_that_is_defined_here_is_listed() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/events");
        let files = std::fs::read_dir(folder).expect("lists").map(|file| file.expect("lists").path());
        let source: String = files.map(|file| std::fs::read_to_string(file).expect("reads")).collect();
        let mut defined: Vec<_> = source.split("const TYPE: &'static str = \"").skip(1).collect();
        for rest in &mut defined {
            *rest = rest.split('"').next().expect("has an end");
        }
        // The two in this test's own text define nothing.
        defined.retain(|name| name.contains('.'));
        let mut listed: Vec<_> = EVENT_TYPES.iter().map(|event| event.name).collect();
        defined.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, defined);
    }
}
