use std::fmt;
use std::time::Duration;

use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use runtime::crash_point::CrashPoint;
use server::services::ServiceName;
use testkit::proxy::LinkState;

use super::crash_points::{is_frequent, passed_by};
use super::links::Link;
use super::part::Part;

/// The number of cuts in a deck.
const CUTS: usize = 14;

/// A fault of the running system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// `kill -9`, and a restart after a while.
    Kill(Part, Duration),
    /// SIGSTOP, and SIGCONT after a while.
    Freeze(Part, Duration),
    /// A link is in this state for a while.
    Cut(Link, LinkState, Duration),
    /// The object store has no room for a while.
    Full(Duration),
    /// The service aborts when it reaches this crash point for the n-th time, and is restarted.
    Crash(ServiceName, CrashPoint, u32),
}

/// What can be done with files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileAccess {
    Nothing,
    Reading,
    Everything,
}

impl Fault {
    /// Every crash point that is reached, every process killed and frozen once, the object store full and cut off, and some
    /// more cuts, in random order.
    pub(super) fn deck(chance: &mut StdRng) -> Vec<Self> {
        let points = CrashPoint::ALL.into_iter().filter(|point| !passed_by(*point).is_empty());
        let mut deck: Vec<_> = points.map(|point| Self::crash(point, chance)).collect();
        for part in Part::all() {
            deck.push(Self::Kill(part, Duration::from_millis(chance.random_range(0..3000))));
            deck.push(Self::Freeze(part, Duration::from_secs(10)));
        }
        deck.extend(
            Link::all().choose_multiple(chance, CUTS).copied().map(|link| Self::cut(link, chance)).collect::<Vec<_>>(),
        );
        deck.push(Self::Full(Duration::from_millis(chance.random_range(1000..5000))));
        deck.push(Self::cut(Link::Files, chance));
        deck.shuffle(chance);
        deck
    }

    /// A crash at this point, of a random service that reaches it.
    pub(super) fn crash(point: CrashPoint, chance: &mut StdRng) -> Self {
        let service = passed_by(point).choose(chance).copied().unwrap_or(ServiceName::Orders);
        let passing = if is_frequent(point) { chance.random_range(1..=4) } else { 1 };
        Self::Crash(service, point, passing)
    }

    fn cut(link: Link, chance: &mut StdRng) -> Self {
        let delay = LinkState::Delayed(Duration::from_millis(chance.random_range(50..500)));
        let lines = [LinkState::Dropped, LinkState::Stalled, LinkState::HalfOpen, delay];
        let line = lines.choose(chance).copied().unwrap_or(LinkState::Dropped);
        Self::Cut(link, line, Duration::from_millis(chance.random_range(3000..12_000)))
    }

    /// What of the object store works while it lasts; `None` if it is about something else.
    pub(super) fn leaves_of_files(&self) -> Option<FileAccess> {
        match self {
            Self::Full(_) => Some(FileAccess::Reading),
            // What is late comes in time.
            Self::Cut(Link::Files, LinkState::Open | LinkState::Delayed(_), _) => Some(FileAccess::Everything),
            Self::Kill(Part::ObjectStore, _) | Self::Freeze(Part::ObjectStore, _) | Self::Cut(Link::Files, ..) => {
                Some(FileAccess::Nothing)
            }
            Self::Kill(..) | Self::Freeze(..) | Self::Cut(..) | Self::Crash(..) => None,
        }
    }

    /// What happens, and to what.
    pub(super) fn kind(&self) -> String {
        match self {
            Self::Kill(part, _) => format!("kill -9  {part}"),
            Self::Freeze(part, _) => format!("freeze   {part}"),
            Self::Cut(link, line, _) => format!("{}  {link}", Self::word(*line)),
            Self::Full(_) => format!("full     {}", Part::ObjectStore),
            Self::Crash(service, point, _) => format!("crash    {service} at {}", point.name()),
        }
    }

    fn word(line: LinkState) -> &'static str {
        match line {
            LinkState::Open => "open   ",
            LinkState::Dropped => "drop   ",
            LinkState::Delayed(_) => "delay  ",
            LinkState::Stalled => "stall  ",
            LinkState::HalfOpen => "half   ",
        }
    }
}

/// The kind and its measure.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind())?;
        match self {
            Self::Kill(_, span) | Self::Freeze(_, span) | Self::Cut(_, _, span) | Self::Full(span) => {
                write!(f, " for {:.1} s", span.as_secs_f64())
            }
            Self::Crash(_, _, passing) => write!(f, " (passing {passing})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;
    use CrashPoint::{
        AdmissionSold, CheckedIn, CodesClaimed, FileNoted, FileStored, PlaceIssued, TicketSealed, WaitClosed,
    };

    #[test]
    fn each_deck_takes_the_object_store_away_in_every_way_and_crashes_delivery_at_every_step() {
        let deck = Fault::deck(&mut StdRng::seed_from_u64(1));
        let kinds: Vec<String> = deck.iter().map(Fault::kind).collect();
        let is_in = |what: &str| kinds.iter().any(|kind| kind.contains(what));
        for away in
            ["kill -9  object store", "freeze   object store", "full     object store", "delivery | object store"]
        {
            assert!(is_in(away), "{away}");
        }
        let steps =
            [FileNoted, FileStored, CodesClaimed, TicketSealed, AdmissionSold, WaitClosed, PlaceIssued, CheckedIn];
        for step in steps {
            assert!(is_in(&format!("crash    delivery at {}", step.name())), "{}", step.name());
        }
    }

    #[test]
    fn only_what_takes_the_object_store_away_leaves_less_than_everything_of_it() {
        let span = Duration::from_secs(1);
        let left = |fault: Fault| fault.leaves_of_files();
        assert_eq!(left(Fault::Full(span)), Some(FileAccess::Reading));
        for fault in [
            Fault::Kill(Part::ObjectStore, span),
            Fault::Freeze(Part::ObjectStore, span),
            Fault::Cut(Link::Files, LinkState::HalfOpen, span),
        ] {
            assert_eq!(left(fault), Some(FileAccess::Nothing));
        }
        assert_eq!(left(Fault::Cut(Link::Files, LinkState::Delayed(span), span)), Some(FileAccess::Everything));
        assert_eq!(left(Fault::Kill(Part::Nats, span)), None);
    }
}
