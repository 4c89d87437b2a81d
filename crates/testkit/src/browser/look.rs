use serde_json::{Value, json};

/// What a browser's user has chosen.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The width of the window, in CSS pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// The colours.
    pub scheme: Scheme,
    /// Whether pages may run scripts.
    pub scripts: bool,
    /// Whether pages are asked not to move things.
    pub calm: bool,
}

/// Which colours pages are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// What most people have.
impl Default for Look {
    fn default() -> Self {
        Self { width: 1440, height: 900, scheme: Scheme::Light, scripts: true, calm: false }
    }
}

impl Look {
    /// JavaScript on or off, and else what most people have.
    pub fn with_scripts(scripts: bool) -> Self {
        Self { scripts, ..Self::default() }
    }

    /// In the words of chromedriver.
    pub(super) fn capabilities(&self, chromium: &str) -> Value {
        let arguments = [
            "--headless=new",
            // Chromium's own sandbox does not work for root, nor in most containers.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-crash-reporter",
            "--disable-breakpad",
            // Nothing that takes time and has nothing to do with pages.
            "--disable-extensions",
            "--disable-component-update",
            "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider",
            "--hide-scrollbars",
            // Dates are typed as Americans do.
            "--lang=en-US",
            // It ends with the pipe's other end, chromedriver, however that ends.
            "--remote-debugging-pipe",
        ];
        // A window has a minimal width that a phone's screen is below. Not "mobile": with that and
        // without JavaScript, the browser at times stands still after a click.
        let metrics =
            json!({"width": self.width, "height": self.height, "pixelRatio": 1, "touch": false, "mobile": false});
        // 1 is allow, 2 is block.
        let scripts = if self.scripts { 1 } else { 2 };
        json!({
            "browserName": "chrome",
            "goog:chromeOptions": {
                "binary": chromium,
                "args": arguments,
                "mobileEmulation": {"deviceMetrics": metrics},
                "prefs": {
                    "profile.managed_default_content_settings.javascript": scripts,
                    "intl.accept_languages": "en-US",
                },
            },
            "goog:loggingPrefs": {"browser": "ALL"},
            // In milliseconds. Otherwise a page that never ends to load would hold up the tests.
            "timeouts": {"pageLoad": 60_000, "script": 30_000},
        })
    }

    /// The media features that no capability sets.
    pub(super) fn media(&self) -> Value {
        let scheme = match self.scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let motion = if self.calm { "reduce" } else { "no-preference" };
        json!({"features": [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": motion},
        ]})
    }
}
