use serde_json::json;
use stripe_sim::Authentication;

use crate::account::{Account, Reply, authorization};
use crate::receiver::{Receiver, account_with, all_delivered};

pub(crate) const RETURN_URL: &str = "http://192.168.1.7:3000/orders/7";

/// Asks for 20.00 USD from a card whose bank asks its holder.
pub(crate) async fn ask(account: &Account, token: &str) -> Reply {
    account.post("payment_intents", &format!("{}&return_url={RETURN_URL}", authorization(token))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_asks_for_it_waits_for_its_holder() {
    let account = Account::open().await;
    for token in [
        "tok_threeDSecure2Required",
        "tok_threeDSecureRequired",
        "pm_card_threeDSecure2Required",
        "pm_card_authenticationRequired",
    ] {
        let form = authorization(token).replace("payment_method_data[card][token]", "payment_method");
        let reply = account.post("payment_intents", &format!("{form}&return_url={RETURN_URL}")).await;
        assert_eq!((reply.status, &reply.body["status"]), (200, &json!("requires_action")), "{token}");
        let action = &reply.body["next_action"];
        let secret = reply.body["client_secret"].as_str().expect("a secret");
        assert!(secret.starts_with(&format!("{}_secret_", reply.id())), "{secret}");
        let url = format!("http://192.168.1.7:3000/simulated-bank/{secret}");
        let redirect = json!({"url": url, "return_url": RETURN_URL});
        assert_eq!(action, &json!({"type": "redirect_to_url", "redirect_to_url": redirect}));
        assert_eq!((&reply.body["latest_charge"], &reply.body["amount_capturable"]), (&json!(null), &json!(0)));
    }
    let number = "card[number]=4000002760003184&card[exp_month]=11&card[exp_year]=2030&card[cvc]=123";
    let token = account.post("tokens", number).await.id();
    assert_eq!(ask(&account, &token).await.body["status"], "requires_action");
    assert!(account.ledger().await.intents.iter().all(|intent| intent.bank_page.is_some() && intent.captured == 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_that_cannot_ask_sees_a_decline() {
    let account = Account::open().await;
    let form = authorization("tok_threeDSecure2Required") + "&error_on_requires_action=true";
    let reply = account.post("payment_intents", &form).await;
    assert_eq!((reply.status, reply.code()), (402, &json!("authentication_required")));
    let intent = &reply.body["error"]["payment_intent"];
    assert_eq!((&intent["status"], &intent["next_action"]), (&json!("requires_payment_method"), &json!(null)));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_address_to_return_to_it_is_left_to_the_script() {
    let account = Account::open().await;
    let reply = account.post("payment_intents", &authorization("tok_threeDSecure2Required")).await;
    assert_eq!(reply.body["next_action"]["type"], "use_stripe_sdk");
    for return_url in ["/orders/7", "javascript:alert(1)", "ftp://example.com/", "nonsense"] {
        let form = format!("{}&return_url={return_url}", authorization("tok_threeDSecure2Required"));
        let reply = account.post("payment_intents", &form).await;
        assert_eq!((reply.status, reply.code()), (400, &json!("url_invalid")), "{return_url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_webhook_says_what_the_buyer_said() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    let approved = ask(&account, "tok_threeDSecure2Required").await.id();
    all_delivered(&account).await;
    assert_eq!(receiver.take_kinds(), ["payment_intent.created", "payment_intent.requires_action"]);
    account.sim.authenticate(&approved, Authentication::Approved).await.expect("approved");
    all_delivered(&account).await;
    assert_eq!(receiver.take_kinds(), ["payment_intent.amount_capturable_updated"]);

    let refused = ask(&account, "tok_threeDSecure2Required").await.id();
    account.sim.authenticate(&refused, Authentication::Refused).await.expect("refused");
    all_delivered(&account).await;
    let [failed] = &receiver.objects("payment_intent.payment_failed")[..] else { panic!("one") };
    assert_eq!(failed["last_payment_error"]["code"], "payment_intent_authentication_failure");
    assert_eq!(failed["last_payment_error"]["type"], "invalid_request_error");
    assert_eq!((&failed["status"], &failed["latest_charge"]), (&json!("requires_payment_method"), &json!(null)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_may_decline_what_its_holder_approved() {
    let account = Account::open().await;
    for (token, code) in [
        ("tok_threeDSecureRequiredChargeDeclined", "generic_decline"),
        ("tok_authenticationRequiredChargeDeclinedInsufficientFunds", "insufficient_funds"),
    ] {
        let id = ask(&account, token).await.id();
        account.sim.authenticate(&id, Authentication::Approved).await.expect("approved");
        let intent = account.get(&format!("payment_intents/{id}")).await.body;
        assert_eq!(intent["status"], "requires_payment_method");
        assert_eq!(intent["last_payment_error"]["decline_code"], code);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_approved_can_be_captured_and_what_is_not_cannot() {
    let account = Account::open().await;
    let id = ask(&account, "tok_threeDSecure2Required").await.id();
    let early = account.post(&format!("payment_intents/{id}/capture"), "").await;
    assert_eq!((early.status, early.code()), (400, &json!("payment_intent_unexpected_state")));
    account.sim.authenticate(&id, Authentication::Approved).await.expect("approved");
    assert!(account.sim.authenticate(&id, Authentication::Refused).await.is_err(), "decided already");
    let captured = account.post(&format!("payment_intents/{id}/capture"), "expand[]=latest_charge").await.body;
    assert_eq!(captured["status"], "succeeded");
    let card = &captured["latest_charge"]["payment_method_details"]["card"];
    assert_eq!(card["three_d_secure"]["result"], "authenticated");
    let expired = ask(&account, "tok_threeDSecure2Required").await.id();
    assert_eq!(account.post(&format!("payment_intents/{expired}/cancel"), "").await.body["status"], "canceled");
    assert!(account.sim.authenticate(&expired, Authentication::Approved).await.is_err(), "too late");
    assert_eq!(account.ledger().await.captured(), 2000);
}
