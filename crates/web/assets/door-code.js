// What a ticket's code says, and whether it is one of ours. Needs nobody but the keys.

const PREFIX = "T1.";
const SIGNED = 41;
/** As the server takes it: by itself a browser would also read one with blanks in it, however many. */
const FORM = /^T1\.[A-Za-z0-9_-]{140}$/;

const bytesOf = (text) => {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
};

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function isSigned(bytes, publicKey) {
  const key = await crypto.subtle.importKey("raw", bytesOf(publicKey), { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, key, bytes.slice(SIGNED), bytes.slice(0, SIGNED));
}

/** What a code says, or null if it is none of ours. Throws where this browser cannot tell. */
export async function readCode(text, keys) {
  const code = text.trim();
  if (!FORM.test(code)) return null;
  const bytes = bytesOf(code.slice(PREFIX.length));
  const key = keys.find(({ id }) => id === bytes[0]);
  if (!key || !(await isSigned(bytes, key.publicKey))) return null;
  const version = new DataView(bytes.buffer).getUint32(37);
  return { event: hex(bytes.slice(1, 13)), place: hex(bytes.slice(13, 25)), version };
}
