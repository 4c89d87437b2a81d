// Passkeys: what the API asks for is handed to the browser, and what the browser answers to the API.

export const areKnown = () => "PublicKeyCredential" in window && "credentials" in navigator;

/** Sends something to the API and returns its answer. What it refuses is thrown, in its words. */
export async function send(path, body) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  const content = await answer.json();
  if (!answer.ok) throw new Refusal(content.errors.map(({ message }) => message).join(". "));
  return content;
}

class Refusal extends Error {}

/** Has an authenticator make a passkey. */
export async function create({ publicKey }) {
  publicKey.user.id = toBytes(publicKey.user.id);
  return toJson(await navigator.credentials.create({ publicKey: decoded(publicKey, "excludeCredentials") }));
}

/** Has an authenticator sign with a passkey. */
export async function sign({ publicKey }) {
  return toJson(await navigator.credentials.get({ publicKey: decoded(publicKey, "allowCredentials") }));
}

/** What has gone wrong, in words for people. */
export function explain(error, { elsewhere, failed }) {
  if (error instanceof Refusal) return error.message;
  return error.name === "SecurityError" ? elsewhere : failed;
}

/** Does something that may go wrong, and says if it did. */
export async function attempt(place, act) {
  const alert = place.querySelector("[role=alert]");
  const button = place.querySelector("button");
  alert.hidden = true;
  button.disabled = true;
  try {
    await act();
  } catch (error) {
    alert.textContent = explain(error, place.dataset);
    alert.hidden = false;
  } finally {
    button.disabled = false;
  }
}

function decoded(options, list) {
  const known = options[list]?.map((passkey) => ({ ...passkey, id: toBytes(passkey.id) }));
  return { ...options, challenge: toBytes(options.challenge), [list]: known ?? [] };
}

function toJson({ id, rawId, type, response }) {
  const parts = ["attestationObject", "authenticatorData", "clientDataJSON", "signature", "userHandle"];
  const there = parts.filter((part) => response[part]).map((part) => [part, toText(response[part])]);
  return { id, rawId: toText(rawId), type, response: Object.fromEntries(there) };
}

function toBytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

function toText(bytes) {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
