// Reads codes from the camera: by the browser itself where it can, else by jsQR, which is loaded then.

/** How long to wait between two pictures. */
const PAUSE = 150;
/** How wide a picture is at most that jsQR looks at. */
const WIDEST = 800;

/** Calls `found` with the text of each code that is held before the camera. Throws if there is no camera to use. */
export async function watch(video, found) {
  const camera = { facingMode: "environment", width: { ideal: 1280 } };
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: camera, audio: false });
  await video.play();
  const read = await reader();
  for (;;) {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) {
      const text = await read(video);
      if (text) found(text);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
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
