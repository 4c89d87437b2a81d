// Sends what was scanned without a network, in parts. What the server does not take holds up nothing that comes after it.

/** How many scans are sent at once at most. */
const MOST = 200;

/** How many are sent at once just now: fewer where a network is slow, or one among them is not taken. */
let atOnce = MOST;

/** Whether the server has said that it will never take this, and not somebody on the way to it. */
export const isRefused = ({ status, isOurs }) => status === 413 || (status === 400 && isOurs === true);

const isTooSlow = ({ status, name }) => status === 408 || name === "TimeoutError";

/**
 * Sends all of `queue`, the first first, and takes out what is done with: `answered(scan, said)` is called for each scan
 * that has an answer, and `refused(scan)` for each that the server does not take. Throws what else goes wrong.
 */
export async function sendAll(queue, send, answered, refused) {
  while (queue.length) {
    const part = queue.slice(0, atOnce);
    try {
      const answers = await send(part);
      queue.splice(0, part.length);
      atOnce = Math.min(MOST, atOnce * 2);
      part.forEach((scanned, index) => answered(scanned, answers[index]));
    } catch (error) {
      if (!isRefused(error) && !isTooSlow(error)) throw error;
      atOnce = Math.ceil(part.length / 2);
      if (!isRefused(error)) throw error;
      if (part.length === 1) refused(...queue.splice(0, 1));
    }
  }
}
