use serde_json::{Value, json};

/// The preferences of a browser's user.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The width of the window, in CSS pixels.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// The colour scheme.
    pub scheme: Scheme,
    /// Whether JavaScript is on.
    pub scripts: bool,
    /// Whether reduced motion is preferred.
    pub calm: bool,
    /// The languages that are preferred, as in `Accept-Language`.
    pub languages: &'static str,
}

/// The preferred colour scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The defaults of most users.
impl Default for Look {
    fn default() -> Self {
        Self { width: 1440, height: 900, scheme: Scheme::Light, scripts: true, calm: false, languages: "en-US" }
    }
}

impl Look {
    /// JavaScript on or off, otherwise the defaults.
    pub fn with_scripts(scripts: bool) -> Self {
        Self { scripts, ..Self::default() }
    }

    /// The capabilities for chromedriver, with these arguments for the browser besides those that all have.
    pub(super) fn capabilities(&self, chromium: &str, more: &[&str]) -> Value {
        let usual = [
            "--headless=new",
            // Chromium's own sandbox does not work for root, nor in most containers.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--disable-crash-reporter",
            "--disable-breakpad",
            // Background features that take time and do not affect pages.
            "--disable-extensions",
            "--disable-component-update",
            "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider",
            "--hide-scrollbars",
            // The locale decides how dates are typed.
            "--lang=en-US",
            // Uses a pipe, so that it ends with chromedriver, however that ends.
            "--remote-debugging-pipe",
        ];
        let arguments = [usual.as_slice(), more].concat();
        // A window has a minimum width, which a phone's screen is below. Mobile emulation is not used: with
        // it and without JavaScript, the browser sometimes hangs after a click.
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
                    "intl.accept_languages": self.languages,
                },
            },
            "goog:loggingPrefs": {"browser": "ALL"},
            // In milliseconds. Otherwise a page that never finishes loading would hang the tests.
            "timeouts": {"pageLoad": 60_000, "script": 30_000},
        })
    }

    /// The media features that no capability can set.
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
