use serde_json::json;

use crate::account::{Account, authorization};

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_shows_the_face_of_its_card() {
    let account = Account::open().await;
    for (token, brand, last4) in [
        ("tok_visa", "visa", "4242"),
        ("tok_mastercard", "mastercard", "4444"),
        ("pm_card_amex", "amex", "8431"),
        ("tok_diners", "diners", "0004"),
    ] {
        let token = match token {
            // A card that only has a number.
            "pm_card_amex" => {
                let form = "card[number]=3714 496353 98431&card[exp_month]=11&card[exp_year]=2030&card[cvc]=1234";
                account.post("tokens", form).await.id()
            }
            token => token.to_owned(),
        };
        let form = authorization(&token) + "&expand[]=latest_charge";
        let intent = account.post("payment_intents", &form).await.body;
        let charge = &intent["latest_charge"];
        let card = &charge["payment_method_details"]["card"];
        assert_eq!((&card["brand"], &card["last4"]), (&json!(brand), &json!(last4)));
        assert_eq!((&charge["captured"], &charge["refunded"]), (&json!(false), &json!(false)));
        let path = format!("payment_intents/{}", intent["id"].as_str().expect("an id"));
        assert_eq!(&account.get(&format!("{path}?expand[0]=latest_charge")).await.body["latest_charge"], charge);
        assert_eq!(account.get(&path).await.body["latest_charge"], charge["id"], "only the id, unless asked for");
        assert_eq!(&account.get(&format!("charges/{}", charge["id"].as_str().expect("an id"))).await.body, charge);
        let captured = account.post(&format!("{path}/capture"), "expand[]=latest_charge").await.body;
        assert_eq!(captured["latest_charge"]["captured"], true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_charge_says_why() {
    let account = Account::open().await;
    let reply = account.post("payment_intents", &authorization("tok_chargeDeclinedExpiredCard")).await;
    let intent = &reply.body["error"]["payment_intent"];
    let charge = account.get(&format!("charges/{}", intent["latest_charge"].as_str().expect("an id"))).await.body;
    assert_eq!((&charge["status"], &charge["failure_code"]), (&json!("failed"), &json!("expired_card")));
    assert_eq!((&charge["paid"], &charge["payment_method_details"]["card"]["last4"]), (&json!(false), &json!("0069")));
    assert_eq!(account.get("charges/ch_none").await.status, 404);
}
