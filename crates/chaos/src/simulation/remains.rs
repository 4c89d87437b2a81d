use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Finds out what of a run outlives it: memory that no later seed gets back. Clones share it.
///
/// A crashed service hangs instead of cleaning up, so everything is freed at once, when the runtime drops
/// its tasks. Only what holds itself, as in a cycle, is left.
#[derive(Clone, Default)]
pub(super) struct Remains(Arc<Mutex<Vec<Part>>>);

/// Something that must end with the run.
struct Part {
    name: String,
    thing: Weak<dyn Any + Send + Sync>,
}

impl Remains {
    /// From now on `thing` is expected to end with the run.
    pub(super) fn watch<T: Any + Send + Sync>(&self, name: impl Into<String>, thing: &Arc<T>) {
        let thing: Weak<T> = Arc::downgrade(thing);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(Part { name: name.into(), thing });
    }

    /// The names of the parts that are still there.
    pub(super) fn left(&self) -> Vec<String> {
        let parts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        parts.iter().filter(|part| part.thing.strong_count() > 0).map(|part| part.name.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_itself_is_left() {
        struct Holder(Mutex<Option<Arc<Holder>>>);
        let remains = Remains::default();
        let (free, held) = (Arc::new(Holder(Mutex::default())), Arc::new(Holder(Mutex::default())));
        remains.watch("free", &free);
        remains.watch("held", &held);
        *held.0.lock().expect("unlocked") = Some(held.clone());
        let inside = Arc::downgrade(&held);
        drop((free, held));
        assert_eq!(remains.left(), ["held"]);
        let cycle = inside.upgrade().expect("it holds itself");
        cycle.0.lock().expect("unlocked").take();
        drop(cycle);
        assert_eq!(remains.left(), [""; 0]);
    }
}
