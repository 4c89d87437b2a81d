use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use http::{Method, StatusCode};
use metrics::Histogram;

/// How long requests took, by method, route and status. The histograms are cached: finding one by its
/// labels would allocate strings for each request. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Durations(Arc<RwLock<HashMap<String, ByKind>>>);

type ByKind = HashMap<(&'static str, StatusCode), Histogram>;

impl Durations {
    /// Records a request that was answered.
    pub(super) fn record(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        let kind = (name(method), status);
        if let Some(histogram) =
            self.0.read().unwrap_or_else(PoisonError::into_inner).get(route).and_then(|by| by.get(&kind))
        {
            return histogram.record(took.as_secs_f64());
        }
        let (method, status) = (kind.0, status.as_str().to_owned());
        let histogram = metrics::histogram!("http_request_seconds", "method" => method, "route" => route.to_owned(), "status" => status);
        histogram.record(took.as_secs_f64());
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(route.to_owned()).or_default().insert(kind, histogram);
    }
}

/// The method, if it is one of the usual ones. Clients can invent any number of others.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    #[test]
    fn requests_are_counted_by_method_route_and_status_but_not_by_invented_methods() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let durations = Durations::default();
        metrics::with_local_recorder(&recorder, || {
            for (method, status) in [("GET", 200), ("GET", 200), ("GET", 404), ("BREW", 405), ("WHEN", 405)] {
                let (method, status) =
                    (method.parse().expect("a method"), StatusCode::from_u16(status).expect("a status"));
                durations.record(&method, "/api/tickets", status, Duration::from_millis(3));
            }
        });
        let rendered = recorder.handle().render();
        for (method, status, count) in [("GET", 200, 2), ("GET", 404, 1), ("other", 405, 2)] {
            let labels = format!(r#"{{method="{method}",route="/api/tickets",status="{status}"}}"#);
            let line = format!("http_request_seconds_count{labels} {count}");
            assert!(rendered.lines().any(|other| other == line), "{line} is missing in\n{rendered}");
        }
        assert!(!rendered.contains("BREW"));
    }
}
