use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::request::request;
use crate::{Client, Error};

impl Client {
    /// Everything the signed-in user has here, as one document: their account, their tickets, each with what they gave
    /// for it, their orders, each with its payment and what was handed over, and what they were told by mail. Files are
    /// in it as paths they can be downloaded from.
    ///
    /// # Errors
    /// 401 without a session.
    pub async fn export(&self) -> Result<Value, Error> {
        let account: Value = self.get(&self.urls.users, "/api/users/data").await?;
        let mut listings = self.all(&self.urls.tickets, "/api/tickets?seller=me&limit=100").await?;
        for listing in listings.iter_mut().filter(|listing| listing["delivery"].is_object()) {
            listing["sealing"] = self.delivered("tickets", id_of(listing)).await?;
        }
        let mut orders = self.all(&self.urls.orders, "/api/orders?limit=100").await?;
        for order in &mut orders {
            let payment = format!("/api/payments/{}", id_of(order));
            order["payment"] = self.if_any(&self.urls.payments, &payment).await?;
            order["delivery"] = self.delivered("orders", id_of(order)).await?;
        }
        let mails: Value = self.get(&self.urls.mail, "/api/mails").await?;
        Ok(json!({"account": account, "listings": listings, "orders": orders, "mails": mails}))
    }

    /// What is known of the ticket itself, with the path of its file.
    async fn delivered(&self, of: &str, id: &str) -> Result<Value, Error> {
        let path = format!("/api/deliveries/{of}/{id}");
        let mut delivered = self.if_any(&self.urls.deliveries, &path).await?;
        if delivered["file"].is_object() {
            delivered["file"]["path"] = json!(format!("{path}/file"));
        }
        Ok(delivered)
    }

    /// What is there, or null.
    async fn if_any(&self, base: &str, path: &str) -> Result<Value, Error> {
        match self.get(base, path).await {
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(Value::Null),
            answer => answer,
        }
    }

    /// The items of all pages of a list.
    async fn all(&self, base: &str, target: &str) -> Result<Vec<Value>, Error> {
        let mut page = self.page(request(Method::GET, base, target)?).await?;
        let mut items = std::mem::take(&mut page.items);
        while let Some(next) = self.next_page(&page).await? {
            page = next;
            items.append(&mut page.items);
        }
        Ok(items)
    }
}

fn id_of(item: &Value) -> &str {
    item["id"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::stub::{ORDER, Stub};

    #[tokio::test]
    async fn everything_is_asked_for_and_put_together() {
        let item = json!({"id": ORDER, "delivery": {"mode": "sealed"}, "file": {"kind": "pdf"}});
        let stub = Stub::answering(200, json!([item])).await;
        let export = stub.client().export().await.expect("answers");
        let calls: Vec<_> = stub.requests().iter().map(|request| request.call()).collect();
        let expected = [
            "GET /api/users/data".to_owned(),
            "GET /api/tickets?seller=me&limit=100".into(),
            format!("GET /api/deliveries/tickets/{ORDER}"),
            "GET /api/orders?limit=100".into(),
            format!("GET /api/payments/{ORDER}"),
            format!("GET /api/deliveries/orders/{ORDER}"),
            "GET /api/mails".into(),
        ];
        assert_eq!(calls, expected);
        let (listing, order) = (&export["listings"][0], &export["orders"][0]);
        let found = [listing, &listing["sealing"][0], order, &order["payment"][0], &order["delivery"][0]];
        for part in found.into_iter().chain([&export["mails"][0], &export["account"][0]]) {
            assert_eq!(part["id"], json!(ORDER), "{export}");
        }
    }

    #[tokio::test]
    async fn a_file_is_in_it_as_the_path_that_it_is_downloaded_from() {
        let stub = Stub::answering(200, json!({"file": {"kind": "pdf"}})).await;
        let delivered = stub.client().delivered("orders", ORDER).await.expect("answers");
        let path = format!("/api/deliveries/orders/{ORDER}/file");
        assert_eq!(delivered["file"], json!({"kind": "pdf", "path": path}));
    }
}
