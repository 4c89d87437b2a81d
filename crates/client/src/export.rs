use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::request::request;
use crate::{Client, Error};

impl Client {
    /// Everything the signed-in user has here, as one document: their account, their tickets, their orders, each with
    /// its payment, and what they were told by mail.
    ///
    /// # Errors
    /// 401 without a session.
    pub async fn export(&self) -> Result<Value, Error> {
        let account: Value = self.get(&self.urls.users, "/api/users/data").await?;
        let listings = self.all(&self.urls.tickets, "/api/tickets?seller=me&limit=100").await?;
        let mut orders = self.all(&self.urls.orders, "/api/orders?limit=100").await?;
        for order in &mut orders {
            let payment = format!("/api/payments/{}", order["id"].as_str().unwrap_or_default());
            order["payment"] = match self.get(&self.urls.payments, &payment).await {
                // Nobody has paid for it.
                Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Value::Null,
                answer => answer?,
            };
        }
        let mails: Value = self.get(&self.urls.mail, "/api/mails").await?;
        Ok(json!({"account": account, "listings": listings, "orders": orders, "mails": mails}))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::stub::{ORDER, Stub};

    #[tokio::test]
    async fn everything_is_asked_for_and_put_together() {
        let stub = Stub::answering(200, json!([{"id": ORDER}])).await;
        let export = stub.client().export().await.expect("answers");
        let calls: Vec<_> = stub.requests().iter().map(|request| request.call()).collect();
        let expected = [
            "GET /api/users/data".to_owned(),
            "GET /api/tickets?seller=me&limit=100".into(),
            "GET /api/orders?limit=100".into(),
            format!("GET /api/payments/{ORDER}"),
            "GET /api/mails".into(),
        ];
        assert_eq!(calls, expected);
        assert_eq!((&export["listings"][0]["id"], &export["orders"][0]["id"]), (&json!(ORDER), &json!(ORDER)));
        assert_eq!(export["mails"][0]["id"], json!(ORDER));
        assert_eq!(
            (&export["account"][0]["id"], &export["orders"][0]["payment"][0]["id"]),
            (&json!(ORDER), &json!(ORDER))
        );
    }
}
