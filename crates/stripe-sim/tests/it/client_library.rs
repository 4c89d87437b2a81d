use std::time::Duration;

use stripe::{
    ApiErrors, ApiErrorsType, Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeError, StripeRequest,
};
use stripe_core::payment_intent::{
    CancelPaymentIntent, CapturePaymentIntent, CreatePaymentIntent, RetrievePaymentIntent,
};
use stripe_core::refund::{CreateRefund, ListRefund, RetrieveRefund};
use stripe_core::{PaymentIntent, PaymentIntentCaptureMethod, PaymentIntentStatus};
use stripe_sim::{Authentication, Call, Failure, Moment};
use stripe_types::Currency;

use crate::account::Account;

fn client(account: &Account) -> Client {
    let builder = ClientBuilder::new("sk_test_simulated").url(account.url.clone()).timeout(Duration::from_secs(2));
    builder.build().expect("a client")
}

fn creation(method: &str) -> CreatePaymentIntent {
    CreatePaymentIntent::new(2000, Currency::USD)
        .confirm(true)
        .capture_method(PaymentIntentCaptureMethod::Manual)
        .payment_method(method)
}

/// The library says nothing of the length of a body that is empty, so none is.
fn everything() -> [String; 1] {
    ["latest_charge".to_owned()]
}

fn refusal<T>(result: Result<T, StripeError>) -> (Box<ApiErrors>, u16) {
    match result {
        Err(StripeError::Stripe(error, status)) => (error, status),
        Err(other) => panic!("not an error of Stripe's: {other}"),
        Ok(_) => panic!("it was granted"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_charge_and_its_refund_are_understood() {
    let account = Account::open().await;
    let client = client(&account);
    let intent: PaymentIntent = creation("pm_card_visa").send(&client).await.expect("granted");
    assert_eq!((intent.status, intent.amount_capturable), (PaymentIntentStatus::RequiresCapture, 2000));
    let captured =
        CapturePaymentIntent::new(intent.id.clone()).amount_to_capture(2000).send(&client).await.expect("granted");
    assert_eq!((captured.status, captured.amount_received), (PaymentIntentStatus::Succeeded, 2000));
    let retrieved = RetrievePaymentIntent::new(intent.id.clone()).send(&client).await.expect("granted");
    assert_eq!(retrieved.status, PaymentIntentStatus::Succeeded);
    let refund = CreateRefund::new().payment_intent(intent.id.as_str()).send(&client).await.expect("granted");
    assert_eq!((refund.amount, refund.status.as_deref()), (2000, Some("succeeded")));
    let found = RetrieveRefund::new(refund.id.clone()).send(&client).await.expect("granted");
    assert_eq!(found.id, refund.id);
    let list = ListRefund::new().payment_intent(intent.id.as_str()).send(&client).await.expect("granted");
    assert_eq!(list.data.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_understood() {
    let account = Account::open().await;
    let client = client(&account);
    let (declined, status) = refusal(creation("pm_card_chargeDeclined").send(&client).await);
    assert_eq!((status, declined.type_), (402, ApiErrorsType::CardError));
    assert_eq!(declined.decline_code.as_deref(), Some("generic_decline"));
    let intent = declined.payment_intent.expect("the intent comes with it");
    assert_eq!(intent.status, PaymentIntentStatus::RequiresPaymentMethod);
    assert_eq!(intent.last_payment_error.and_then(|error| error.message).as_deref(), Some("Your card was declined."));

    let intent = creation("pm_card_visa").send(&client).await.expect("granted");
    let cancelled =
        CancelPaymentIntent::new(intent.id.clone()).expand(everything()).send(&client).await.expect("granted");
    assert_eq!(cancelled.status, PaymentIntentStatus::Canceled);
    let (late, status) = refusal(CapturePaymentIntent::new(intent.id).amount_to_capture(2000).send(&client).await);
    assert_eq!((status, late.type_), (400, ApiErrorsType::InvalidRequestError));
    assert_eq!(late.payment_intent.map(|intent| intent.status), Some(PaymentIntentStatus::Canceled));

    let same_key = RequestStrategy::Idempotent(IdempotencyKey::new("k").expect("a key"));
    let send = |method| creation(method).customize().request_strategy(same_key.clone()).send(&client);
    send("pm_card_visa").await.expect("granted");
    let (reused, status) = refusal(send("pm_card_mastercard").await);
    assert_eq!((status, reused.type_), (400, ApiErrorsType::IdempotencyError));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_that_asks_is_understood() {
    let account = Account::open().await;
    let client = client(&account);
    let create = creation("pm_card_threeDSecure2Required").return_url("https://example.com/orders/7");
    let intent: PaymentIntent = create.send(&client).await.expect("granted");
    assert_eq!(intent.status, PaymentIntentStatus::RequiresAction);
    assert!(intent.client_secret.is_some() && intent.latest_charge.is_none());
    let redirect = intent.next_action.and_then(|action| action.redirect_to_url).expect("a redirect");
    assert_eq!(redirect.return_url.as_deref(), Some("https://example.com/orders/7"));
    assert!(redirect.url.is_some_and(|url| url.starts_with("https://example.com/simulated-bank/pi_")));

    account.sim.authenticate(intent.id.as_str(), Authentication::Approved).await.expect("approved");
    let intent = RetrievePaymentIntent::new(intent.id).expand(everything()).send(&client).await.expect("granted");
    assert_eq!((intent.status, intent.next_action.is_none()), (PaymentIntentStatus::RequiresCapture, true));
    let charge = intent.latest_charge.and_then(|charge| charge.into_object()).expect("expanded");
    let card = charge.payment_method_details.and_then(|details| details.card).expect("a card");
    assert_eq!((card.brand.as_deref(), card.last4.as_deref()), (Some("visa"), Some("3220")));
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_look_like_those_of_a_network() {
    let account = Account::open().await;
    let client = client(&account);
    let faults = account.sim.faults();
    faults.plan(Call::CreateIntent, Moment::Before, Failure::Hang);
    faults.plan(Call::CreateIntent, Moment::After, Failure::Disconnect);
    faults.plan(Call::CreateIntent, Moment::Before, Failure::ServerError);
    faults.plan(Call::CreateIntent, Moment::Before, Failure::Delay(Duration::from_millis(10)));
    assert!(matches!(creation("pm_card_visa").send(&client).await, Err(StripeError::Timeout)));
    assert!(matches!(creation("pm_card_visa").send(&client).await, Err(StripeError::ClientError(_))));
    assert_eq!(refusal(creation("pm_card_visa").send(&client).await).1, 500);
    creation("pm_card_visa").send(&client).await.expect("granted");
    assert_eq!(account.sim.ledger().await.expect("reads").intents.len(), 2, "the hang and the 500 struck before");
}
