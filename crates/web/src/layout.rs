//! The layout of every page.

use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::about::OwnPage;
use crate::assets;
use crate::preview::{self, Preview};
use crate::visitor::Visitor;

/// A page for one visitor.
pub(crate) struct Page<'a> {
    visitor: &'a Visitor,
    title: &'a str,
    main: Markup,
    script: Option<&'static str>,
    foreign_script: Option<&'static str>,
    refresh: Option<Refresh>,
    preview: Option<Preview>,
    failed: bool,
}

/// When the browser loads another page, or this one again, by itself.
enum Refresh {
    /// This page, every few seconds, where no script keeps it up to date.
    WithoutScript,
    /// Another page, at once.
    Forward(String),
}

/// The seconds between two loads of a page that changes by itself.
const REFRESH_EVERY: u32 = 3;

impl<'a> Page<'a> {
    /// A page with this title and content, which contains an `h1`.
    pub(crate) fn new(visitor: &'a Visitor, title: &'a str, main: Markup) -> Self {
        Self { visitor, title, main, script: None, foreign_script: None, refresh: None, preview: None, failed: false }
    }

    /// The script module in `assets/` that updates the page.
    #[must_use]
    pub(crate) fn script(self, name: &'static str) -> Self {
        Self { script: Some(name), ..self }
    }

    /// A third-party script, which the page's content security policy must allow.
    #[must_use]
    pub(crate) fn foreign_script(self, address: &'static str) -> Self {
        Self { foreign_script: Some(address), ..self }
    }

    /// Where no script keeps it up to date, the page is loaded again every few seconds.
    #[must_use]
    pub(crate) fn refreshed(self, refreshed: bool) -> Self {
        Self { refresh: refreshed.then_some(Refresh::WithoutScript), ..self }
    }

    /// The page leads to another one at once. Unlike a redirect it may be the answer to a form and lead to
    /// another site: browsers apply the policy for forms to redirects, too.
    #[must_use]
    pub(crate) fn forward(self, address: &str) -> Self {
        Self { refresh: Some(Refresh::Forward(address.to_owned())), ..self }
    }

    /// What it tells search engines, which otherwise are asked to leave it out.
    #[must_use]
    pub(crate) fn preview(self, preview: Option<Preview>) -> Self {
        Self { preview, ..self }
    }

    /// Whether it says that something did not work: so does its title then, which is what people hear first.
    #[must_use]
    pub(crate) fn failed(self, failed: bool) -> Self {
        Self { failed, ..self }
    }

    fn refresh(&self) -> Markup {
        html! {
            @match &self.refresh {
                Some(Refresh::WithoutScript) => noscript { meta http-equiv="refresh" content=(REFRESH_EVERY); },
                Some(Refresh::Forward(address)) => meta http-equiv="refresh" content={ "0; url=" (address) };,
                None => {},
            }
        }
    }

    fn render(&self) -> Markup {
        let (text, formats) = (self.visitor.text, &self.visitor.formats);
        html! {
            (DOCTYPE)
            html lang=(text.language) data-locale=(formats.tag()) {
                head {
                    meta charset="utf-8";
                    title { @if self.failed { (text.errors.title) " " } (self.title) " – " (text.layout.name) }
                    (preview::head(self.visitor, self.title, self.preview.as_ref()))
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    (self.refresh())
                    link rel="stylesheet" href=(assets::address("style.css"));
                    link rel="icon" type="image/svg+xml" href=(assets::address("icon.svg"));
                    script type="module" src=(assets::address("forms.js")) {}
                    @if let Some(address) = self.foreign_script { script defer src=(address) {} }
                    @if let Some(name) = self.script {
                        script type="module" src=(assets::address(name)) {}
                        @for import in assets::imports(name) { link rel="modulepreload" href=(assets::address(import)); }
                    }
                }
                body {
                    a.skip-link href="#main" { (text.layout.skip) }
                    (self.header())
                    (self.reminder())
                    main #main tabindex="-1" { (self.main) }
                    (self.live_line())
                    (self.footer())
                }
            }
        }
    }

    /// Where a page that follows what happens says that it cannot just now. It is there before its words are, so that
    /// they are read out; and beside everything else, so that nothing moves.
    fn live_line(&self) -> Markup {
        let text = &self.visitor.text.layout;
        let is_live = self.script.is_some_and(|script| assets::imports(script).contains(&"live.js"));
        html! {
            @if is_live {
                p.live-line role="status" data-live data-away=(text.not_live) data-back=(text.live_again) {}
                @if self.visitor.user.is_some() {
                    template data-signed-out { (text.signed_out) " " a href="/signin" { (text.sign_in_again) } }
                }
            }
        }
    }

    /// That the visitor has yet to confirm their address.
    fn reminder(&self) -> Markup {
        let text = &self.visitor.text.addresses;
        html! {
            @if let Some(user) = self.visitor.user.as_ref().filter(|user| !user.address_confirmed) {
                p.reminder { ((text.reminder)(&user.email.shown())) " " a href="/account" { (text.reminder_link) } }
            }
        }
    }

    fn header(&self) -> Markup {
        let text = &self.visitor.text.layout;
        html! {
            header.site-header {
                a.brand href="/" { (text.name) }
                // Where there is room the menu is always there.
                button.menu-button type="button" popovertarget="menu" aria-label=(text.menu) {}
                nav #menu popover aria-label=(text.navigation) {
                    ul {
                        (self.link("/", text.browse))
                        (self.link("/sell", text.sell))
                        @if self.visitor.user.is_some() {
                            (self.link("/listings", text.my_listings))
                            (self.link("/orders", text.my_orders))
                            (self.link("/account", text.account))
                            li { form method="post" action="/signout" { button.plain { (text.sign_out) } } }
                        } @else {
                            (self.link("/signin", text.sign_in))
                            (self.link("/signup", text.sign_up))
                        }
                    }
                }
            }
        }
    }

    /// What can be relied on, and who says so.
    fn footer(&self) -> Markup {
        let (text, about) = (&self.visitor.text.layout, &self.visitor.about);
        html! {
            footer.site-footer {
                p { ((text.guarantee)(&(text.period)(about.reservation))) }
                nav aria-label=(text.about) {
                    ul {
                        (self.link("/help", text.help))
                        @if about.operator.is_some() { (self.link("/about", text.operator)) }
                        @if let Some(terms) = &about.terms { (self.link(address_of(terms, "/terms"), text.terms)) }
                        (self.link(about.privacy.as_ref().map_or("/privacy", |page| address_of(page, "/privacy")), text.privacy))
                        (self.link("/api/docs", text.for_developers))
                    }
                }
            }
        }
    }

    fn link(&self, address: &str, name: &str) -> Markup {
        let here = self.visitor.place.split('?').next() == Some(address);
        html! { li { a href=(address) aria-current=[here.then_some("page")] { (name) } } }
    }
}

/// Where a page of the operator's is: elsewhere, or `here`.
fn address_of<'a>(page: &'a OwnPage, here: &'a str) -> &'a str {
    match page {
        OwnPage::Elsewhere(address) => address,
        OwnPage::Here(_) => here,
    }
}

impl IntoResponse for Page<'_> {
    fn into_response(self) -> Response {
        self.render().into_response()
    }
}
