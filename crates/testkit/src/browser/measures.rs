use serde_json::{Value, json};

use super::Browser;

/// The network traffic of loading a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// How many requests, the page itself included.
    pub requests: usize,
    /// How many bytes, headers included, as they travelled.
    pub bytes: u64,
    /// Each request: its path and its bytes.
    pub parts: Vec<(String, u64)>,
}

/// An event stream is counted only when it ends, so it is not counted here.
const TRANSFERS: &str = "
    const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
    return entries.map(entry => [new URL(entry.name).pathname, entry.transferSize]);";

/// Entries from before the observer are delivered in one task, after which none are pending.
const SHIFTS: &str = "
    const done = arguments[arguments.length - 1];
    const name = ({node}) => node?.outerHTML?.slice(0, 120) ?? node?.textContent ?? 'something that is gone';
    const shifts = [];
    const add = entries => { for (const entry of entries) if (!entry.hadRecentInput)
        shifts.push(entry.value + ' by ' + entry.sources.map(name).join(', ')); };
    const observer = new PerformanceObserver(list => add(list.getEntries()));
    observer.observe({type: 'layout-shift', buffered: true});
    requestAnimationFrame(() => setTimeout(() => { add(observer.takeRecords()); done(shifts); }, 100));";

/// The last entry is the largest: each is larger than those before.
const LARGEST_PAINT: &str = "
    const done = arguments[arguments.length - 1];
    let last = 0;
    const add = entries => { for (const entry of entries) last = entry.startTime; };
    const observer = new PerformanceObserver(list => add(list.getEntries()));
    observer.observe({type: 'largest-contentful-paint', buffered: true});
    requestAnimationFrame(() => setTimeout(() => { add(observer.takeRecords()); done(Math.round(last)); }, 100));";

/// What Lighthouse takes for a phone with a slow connection: 1.6 Mbit/s, 150 ms there and back, a slow processor.
/// <https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md>
const BYTES_PER_SECOND: u64 = 1_600_000 / 8;
const ROUND_TRIP_MILLIS: u64 = 150;
const TIMES_SLOWER: u64 = 4;

const ANIMATED: &str = "
    const takesTime = style => [style.transitionDuration, style.animationDuration]
        .some(durations => durations.split(',').some(duration => parseFloat(duration) > 0));
    return [...document.querySelectorAll('*')].some(element =>
        [null, '::before', '::after'].some(part => takesTime(getComputedStyle(element, part))));";

/// What only screen readers are told is a pixel high.
const SQUEEZED: &str = "
    const isSqueezed = element => {
        const {width, height} = element.getBoundingClientRect();
        const letter = parseFloat(getComputedStyle(element).fontSize);
        return width < 3 * letter && height >= letter;
    };
    const hasWords = ({childNodes}) => [...childNodes].some(({nodeType, data}) => nodeType === 3 && data.trim().length > 8);
    return [...document.querySelectorAll('body *')].filter(element => hasWords(element) && isSqueezed(element))
        .map(({textContent}) => textContent.trim());";

impl Browser {
    /// The traffic of loading this page. Cached responses count as requests of 0 bytes.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn transfer(&self) -> Transfer {
        let parts: Vec<_> = self.script(TRANSFERS).await.as_array().into_iter().flatten().map(part).collect();
        Transfer { requests: parts.len(), bytes: parts.iter().map(|(_, bytes)| bytes).sum(), parts }
    }

    /// The layout shifts on this page that the user did not cause.
    ///
    /// # Panics
    /// If JavaScript is off.
    pub async fn layout_shifts(&self) -> Vec<String> {
        let shifts = self.client.execute_async(SHIFTS, Vec::new()).await.expect("the page can be observed");
        shifts.as_array().into_iter().flatten().map(|shift| shift.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// From now on has a slow connection and a slow processor.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn be_slow(&self) {
        let network = json!({
            "offline": false, "latency": ROUND_TRIP_MILLIS,
            "downloadThroughput": BYTES_PER_SECOND, "uploadThroughput": BYTES_PER_SECOND,
        });
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.emulateNetworkConditions", network).await;
        self.devtools("Emulation.setCPUThrottlingRate", json!({"rate": TIMES_SLOWER})).await;
    }

    /// From now on what is asked for at this path comes to nothing.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn be_cut_off_from(&self, path: &str) {
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.setBlockedURLs", json!({"urls": [format!("*{path}")]})).await;
    }

    /// How many milliseconds after it was asked for the largest part of this page was painted.
    ///
    /// # Panics
    /// If JavaScript is off.
    pub async fn largest_paint(&self) -> u64 {
        let paint = self.client.execute_async(LARGEST_PAINT, Vec::new()).await.expect("the page can be observed");
        paint.as_u64().expect("a number of milliseconds")
    }

    /// Whether the page is wider than the window and scrolls sideways.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn overflows(&self) -> bool {
        let wider = "const page = document.documentElement; return page.scrollWidth > page.clientWidth;";
        self.script(wider).await == Value::Bool(true)
    }

    /// The words for which there are less than three letters of room.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn squeezed(&self) -> Vec<String> {
        let words = self.script(SQUEEZED).await;
        words.as_array().into_iter().flatten().map(|words| words.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Whether anything on the page has an animation or a transition.
    ///
    /// # Panics
    /// If the browser is gone.
    pub async fn is_animated(&self) -> bool {
        self.script(ANIMATED).await == Value::Bool(true)
    }

    /// The result of a script, given as the body of a function.
    ///
    /// # Panics
    /// If it throws.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }
}

fn part(entry: &Value) -> (String, u64) {
    (entry[0].as_str().unwrap_or_default().to_owned(), entry[1].as_u64().unwrap_or_default())
}
