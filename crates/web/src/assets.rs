//! Style sheets, scripts and pictures: embedded in the program, served under URLs that change with their
//! content.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};

/// A static file.
struct Asset {
    name: &'static str,
    media_type: &'static str,
    content: &'static str,
}

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// Where the picture is that is shown beside links to us.
pub(crate) const PICTURE: &str = "/picture.png";

/// The service worker of the pages below: a browser takes none from elsewhere for them.
const WORKER: &str = "/orders/worker.js";

/// One stylesheet, so one request; kept in parts by topic.
const STYLE: &str = concat!(
    include_str!("../assets/style/base.css"),
    include_str!("../assets/style/layout.css"),
    include_str!("../assets/style/forms.css"),
    include_str!("../assets/style/catalogue.css"),
    include_str!("../assets/style/event.css"),
    include_str!("../assets/style/ticket.css"),
    include_str!("../assets/style/orders.css"),
    include_str!("../assets/style/delivery.css"),
    include_str!("../assets/style/account.css"),
    include_str!("../assets/style/door.css"),
);

const ASSETS: &[Asset] = &[
    Asset { name: "style.css", media_type: CSS, content: STYLE },
    Asset { name: "forms.js", media_type: JS, content: include_str!("../assets/forms.js") },
    Asset { name: "icon.svg", media_type: SVG, content: include_str!("../assets/icon.svg") },
    Asset { name: "add-passkey.js", media_type: JS, content: include_str!("../assets/add-passkey.js") },
    Asset { name: "again.js", media_type: JS, content: include_str!("../assets/again.js") },
    Asset { name: "catalogue.js", media_type: JS, content: include_str!("../assets/catalogue.js") },
    Asset { name: "delivery.js", media_type: JS, content: include_str!("../assets/delivery.js") },
    Asset { name: "door.js", media_type: JS, content: include_str!("../assets/door.js") },
    Asset { name: "door-camera.js", media_type: JS, content: include_str!("../assets/door-camera.js") },
    Asset { name: "door-code.js", media_type: JS, content: include_str!("../assets/door-code.js") },
    Asset { name: "door-queue.js", media_type: JS, content: include_str!("../assets/door-queue.js") },
    Asset { name: "door-jsqr.js", media_type: JS, content: include_str!("../assets/door-jsqr.js") },
    Asset { name: "edit.js", media_type: JS, content: include_str!("../assets/edit.js") },
    Asset { name: "event.js", media_type: JS, content: include_str!("../assets/event.js") },
    Asset { name: "listings.js", media_type: JS, content: include_str!("../assets/listings.js") },
    Asset { name: "sell.js", media_type: JS, content: include_str!("../assets/sell.js") },
    Asset { name: "format.js", media_type: JS, content: include_str!("../assets/format.js") },
    Asset { name: "live.js", media_type: JS, content: include_str!("../assets/live.js") },
    Asset { name: "countdown.js", media_type: JS, content: include_str!("../assets/countdown.js") },
    Asset { name: "offline.js", media_type: JS, content: include_str!("../assets/offline.js") },
    Asset { name: "order.js", media_type: JS, content: include_str!("../assets/order.js") },
    Asset { name: "orders.js", media_type: JS, content: include_str!("../assets/orders.js") },
    Asset { name: "passkey-sign-in.js", media_type: JS, content: include_str!("../assets/passkey-sign-in.js") },
    Asset { name: "passkeys.js", media_type: JS, content: include_str!("../assets/passkeys.js") },
    Asset { name: "receipt.js", media_type: JS, content: include_str!("../assets/receipt.js") },
    Asset { name: "session.js", media_type: JS, content: include_str!("../assets/session.js") },
    Asset { name: "stripe.js", media_type: JS, content: include_str!("../assets/stripe.js") },
    Asset { name: "swap.js", media_type: JS, content: include_str!("../assets/swap.js") },
    Asset { name: "ticket.js", media_type: JS, content: include_str!("../assets/ticket.js") },
];

/// One version for all scripts, so that modules can import each other by their plain names.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = DefaultHasher::new();
    for asset in ASSETS {
        (asset.name, asset.content).hash(&mut hasher);
    }
    format!("{:012x}", hasher.finish() >> 16)
});

/// The scripts that each script imports, and those that they import.
static IMPORTS: LazyLock<HashMap<&'static str, Vec<&'static str>>> =
    LazyLock::new(|| ASSETS.iter().map(|asset| (asset.name, all_imports(asset))).collect());

fn all_imports(asset: &Asset) -> Vec<&'static str> {
    let (mut found, mut unread) = (Vec::new(), vec![asset]);
    while let Some(asset) = unread.pop() {
        for name in asset.imports().filter(|import| *import != asset.name) {
            if !found.contains(&name) {
                found.push(name);
                unread.extend(ASSETS.iter().find(|asset| asset.name == name));
            }
        }
    }
    found
}

impl Asset {
    fn imports(&self) -> impl Iterator<Item = &'static str> + use<> {
        let lines = if self.media_type == JS { self.content } else { "" }.lines();
        let imports = lines.filter(|line| line.starts_with("import "));
        imports.filter_map(|line| Some(line.split_once("\"./")?.1.split_once('"')?.0))
    }
}

/// What a script needs beside itself. A browser would learn of each only once it has read the one that imports it.
pub(crate) fn imports(script: &str) -> &'static [&'static str] {
    IMPORTS.get(script).map_or(&[], Vec::as_slice)
}

/// The file's URL.
pub(crate) fn address(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/assets/{version}/{name}", get(asset))
        .route(WORKER, get(worker))
        .route("/favicon.ico", get(icon))
        .route(PICTURE, get(picture))
        .route("/door/worker.js", get(door_worker))
}

async fn asset(Path((version, name)): Path<(String, String)>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // During an upgrade a browser may ask for another version: ours is better than nothing, but must not be
    // cached under that URL.
    let caching = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-store" };
    ([(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, caching)], asset.content).into_response()
}

/// Some clients request this path, whatever the page says.
async fn icon() -> Response {
    asset(Path((VERSION.clone(), "icon.svg".to_owned()))).await
}

/// Browsers ask for it at one address, and look whether it has changed.
async fn worker() -> Response {
    let content = include_str!("../assets/orders-worker.js");
    let headers = [
        (header::CONTENT_TYPE, JS),
        (header::CACHE_CONTROL, "no-cache"),
        // It is the worker's own: what pages ask for it asks for in their place.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"),
    ];
    (headers, content).into_response()
}

/// What opens the pages of doors without a network: those alone, since a browser lets it answer for its own folder.
async fn door_worker() -> Response {
    let headers = [
        (header::CONTENT_TYPE, JS),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; connect-src 'self'"),
    ];
    (headers, include_str!("../assets/door-worker.js")).into_response()
}

/// Whoever has shown a link with it fetches it again, whatever the version.
async fn picture() -> Response {
    let content = include_bytes!("../assets/picture.png").as_slice();
    ([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "public, max-age=86400")], content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Site;

    #[tokio::test]
    async fn the_service_worker_is_where_it_may_keep_orders() {
        let worker = Site::answering([]).await.get(WORKER).await;
        assert_eq!(
            (worker.status, worker.header("content-type"), worker.header("cache-control")),
            (200, JS, "no-cache")
        );
        assert!(worker.header("content-security-policy").contains("connect-src 'self'"), "it could fetch nothing");
        assert!(include_str!("../assets/order.js").contains(r#"import("./offline.js")"#));
        assert!(include_str!("../assets/offline.js").contains(WORKER));
    }

    #[test]
    fn what_a_script_imports_is_known_however_deep() {
        let mut imports = imports("edit.js").to_vec();
        imports.sort_unstable();
        assert_eq!(imports, ["format.js", "live.js", "sell.js", "session.js", "swap.js"]);
        assert_eq!(super::imports("forms.js"), [""; 0]);
        // The words of an import are on its first line, where they are looked for.
        for asset in ASSETS.iter().filter(|asset| asset.media_type == JS) {
            let written = asset.content.matches("from \"./").count() + asset.content.matches("import \"./").count();
            assert_eq!(asset.imports().count(), written, "{}", asset.name);
            for name in super::imports(asset.name) {
                assert!(ASSETS.iter().any(|asset| asset.name == *name), "{} imports {name}", asset.name);
            }
        }
    }
}
