// Cards by Stripe's own form: their numbers go to Stripe, and we get a payment method to charge.
// https://docs.stripe.com/js/elements_object/create_without_intent

const ready = new WeakSet();

/** Makes the form for a card work, if the page has one. */
export function takeCards() {
  const form = document.querySelector("form[data-publishable-key]");
  if (!form || ready.has(form)) return;
  ready.add(form);
  const say = (text) => (form.querySelector("[data-card-error]").textContent = text);
  // Stripe's script may be kept from loading.
  if (!window.Stripe) return say(form.dataset.away);

  const { publishableKey, amount, currency, away } = form.dataset;
  const stripe = window.Stripe(publishableKey, { locale: document.documentElement.lang });
  // As payments will charge it: otherwise Stripe refuses.
  const elements = stripe.elements({
    mode: "payment",
    amount: Number(amount),
    currency,
    captureMethod: "manual",
    paymentMethodTypes: ["card"],
    paymentMethodCreation: "manual",
    appearance: { theme: matchMedia("(prefers-color-scheme: dark)").matches ? "night" : "stripe" },
  });
  // With Apple Pay and Google Pay where Stripe offers them.
  const card = elements.create("payment");
  card.on("ready", () => (form.querySelector("button").disabled = false));
  card.on("loaderror", () => say(away));
  card.mount(form.querySelector("[data-card]"));
  // A payment method is good for one attempt.
  addEventListener("pageshow", () => (form.elements.namedItem("token").value = ""));
  form.addEventListener("submit", (event) => send(event, form, stripe, elements, say));
}

/** The first time the form is sent it gets its token; then it is sent as it is. */
async function send(event, form, stripe, elements, say) {
  const token = form.elements.namedItem("token");
  if (token.value) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  say("");
  try {
    const { error } = await elements.submit();
    if (error) return say(error.message);
    const made = await stripe.createPaymentMethod({ elements });
    if (made.error) return say(made.error.message);
    token.value = made.paymentMethod.id;
    button.disabled = false;
    form.requestSubmit();
  } finally {
    button.disabled = false;
  }
}
