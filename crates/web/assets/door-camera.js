// Reads codes from the camera: by the browser itself where it can, else by jsQR, which is loaded then.

/** How long to wait between two pictures. */
const PAUSE = 150;
/** How wide a picture is at most that jsQR looks at. */
const WIDEST = 800;
/** How many pictures in a row may be unreadable, as the first ones after a phone has slept are. */
const MOST_FAILURES = 20;

/**
 * Calls `found` for each picture, with the text of the code in it if there is one, and opens the camera again when a
 * phone has slept.
 * Throws if there is no camera to use, or no more.
 */
export async function watch(video, found) {
  document.addEventListener("visibilitychange", keepAwake);
  try {
    await open(video);
    const read = await reader();
    for (let failures = 0; ; await new Promise((resolve) => setTimeout(resolve, PAUSE))) {
      if (document.hidden) continue;
      if (hasEnded(video)) await open(video);
      if (video.paused) await video.play();
      if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) continue;
      try {
        const text = await read(video);
        failures = 0;
        found(text);
      } catch (error) {
        failures += 1;
        if (failures > MOST_FAILURES) throw error;
      }
    }
  } finally {
    document.removeEventListener("visibilitychange", keepAwake);
    video.srcObject?.getTracks().forEach((track) => track.stop());
  }
}

async function open(video) {
  const camera = { facingMode: "environment", width: { ideal: 1280 } };
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: camera, audio: false });
  await video.play();
  keepAwake();
}

const hasEnded = (video) => video.srcObject.getVideoTracks().every((track) => track.readyState === "ended");

/** A phone that sleeps stops its camera. Not every browser, and not every battery, lets a page prevent that. */
async function keepAwake() {
  if (!document.hidden) await navigator.wakeLock?.request("screen").catch(() => {});
}

async function reader() {
  const formats = "BarcodeDetector" in globalThis ? await BarcodeDetector.getSupportedFormats() : [];
  if (formats.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  await import("./door-jsqr.js");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return globalThis.jsQR(data, width, height)?.data;
  };
}
