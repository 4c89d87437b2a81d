//! A worker does what it is for, and whatever else it does harms nobody.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use delivery::files::{Kind, MAX_BYTES, Refusal};
use delivery::inspection::Inspection;
use delivery::worker::{Client, Look, WorkerError};
use harness::ticket_files::{pdf_of, stream_of};
use rustix::process::{Pid, test_kill_process};
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};

/// Longer than any of these workers needs that ends by itself, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

fn client(arguments: &[&str], deadline: Duration) -> Client {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_faulty-worker"));
    Client::new(program, arguments.iter().map(OsString::from).collect(), deadline, 2)
}

async fn inspected(arguments: &[&str], file: &[u8]) -> Result<Result<Inspection, Refusal>, WorkerError> {
    client(arguments, PATIENCE).inspect(Look::Whole, file).await
}

/// A white PNG.
fn png() -> Vec<u8> {
    let mut file = io::Cursor::new(Vec::new());
    let image = image::GrayImage::from_pixel(40, 40, [255].into());
    image.write_to(&mut file, image::ImageFormat::Png).expect("encodes");
    file.into_inner()
}

#[tokio::test]
async fn a_worker_answers() {
    let taken = inspected(&["inspect"], &png()).await.expect("answers");
    assert_eq!(taken, Ok(Inspection { kind: Kind::Png, codes: vec![] }));
    assert_eq!(inspected(&["inspect"], b"<svg/>").await.expect("answers"), Err(Refusal::UnknownKind));
    assert_eq!(inspected(&["inspect"], b"").await.expect("answers"), Err(Refusal::Empty));
}

#[tokio::test]
async fn a_file_that_never_ends_is_refused() {
    let endless = tokio::io::repeat(b' ');
    let beginning = b"%PDF-1.7\n".as_slice();
    let refused = client(&["inspect"], PATIENCE).inspect(Look::Whole, beginning.chain(endless)).await.expect("answers");
    assert_eq!(refused, Err(Refusal::TooLarge));
}

#[tokio::test]
async fn a_worker_that_hangs_is_killed() {
    let folder = tempfile::tempdir().expect("makes a folder");
    let pid_file = folder.path().join("pid");
    let deadline = Duration::from_secs(2);
    let hanging = client(&["hang", pid_file.to_str().expect("is text")], deadline);
    // More than a pipe holds: neither side waits for the other forever.
    let hung = hanging.inspect(Look::Whole, vec![0; 1_000_000].as_slice()).await;
    assert!(matches!(hung, Err(WorkerError::TimedOut(after)) if after == deadline), "{hung:?}");
    let pid: i32 = std::fs::read_to_string(pid_file).expect("it ran").parse().expect("is a number");
    let pid = Pid::from_raw(pid).expect("is a process's");
    assert!(test_kill_process(pid).is_err(), "it is gone");
}

#[tokio::test]
async fn a_worker_that_computes_forever_is_killed() {
    let spun = client(&["spin"], Duration::from_millis(500)).inspect(Look::Whole, b"file".as_slice()).await;
    assert!(matches!(&spun, Err(error @ WorkerError::TimedOut(_)) if error.is_about_the_file()), "{spun:?}");
}

/// Accounts with such files would keep everybody else waiting.
#[tokio::test]
async fn a_document_that_takes_long_keeps_no_other_file_waiting() {
    let drawing = |next: usize| {
        let content = "/X Do\n".repeat(10);
        let form = "/Type /XObject /Subtype /Form /BBox [0 0 600 850]";
        stream_of(&format!("{form} /Resources << /XObject << /X {next} 0 R >> >>"), &content)
    };
    let drawings = (5..35).map(drawing);
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
                /Resources << /XObject << /X 4 0 R >> >> >>";
    let first = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page];
    let objects = first.into_iter().map(str::to_owned).chain(drawings);
    let document = pdf_of(&objects.collect::<Vec<_>>());
    let program = PathBuf::from(env!("CARGO_BIN_EXE_faulty-worker"));
    let one = Client::new(program, vec!["inspect".into()], PATIENCE, 1);
    let briefly = one.inspect(Look::Brief, document.as_slice()).await;
    assert!(matches!(briefly, Err(WorkerError::UsedUp)), "{briefly:?}");
    let mut whole = pin!(one.inspect(Look::Whole, document.as_slice()));
    let picture = png();
    let next = tokio::select! {
        whole = &mut whole => panic!("it took no longer than a picture: {whole:?}"),
        next = one.inspect(Look::Brief, picture.as_slice()) => next,
    };
    assert_eq!(next.expect("answers"), Ok(Inspection { kind: Kind::Png, codes: vec![] }));
    let whole = whole.await;
    assert!(matches!(&whole, Err(error @ WorkerError::UsedUp) if error.is_about_the_file()), "{whole:?}");
}

/// Twenty pages, each with a photograph: what an agency sends for a journey.
#[tokio::test]
async fn an_honest_document_is_looked_at_in_time() {
    const PAGES: usize = 20;
    let mut photograph = Vec::new();
    let light = |x: u32, y: u32| 110.0 + 60.0 * (f64::from(x) / 40.0).sin() + 50.0 * (f64::from(y) / 30.0).cos();
    let image = image::GrayImage::from_fn(400, 300, |x, y| [light(x, y) as u8].into());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut photograph, 80);
    image.write_with_encoder(encoder).expect("encodes");
    let hex: String = photograph.iter().map(|byte| format!("{byte:02x}")).collect();
    let kids: String = (0..PAGES).map(|page| format!("{} 0 R ", page + 5)).collect();
    let content = "q 400 0 0 300 60 400 cm /X Do Q";
    let entries = "/Type /XObject /Subtype /Image /Width 400 /Height 300 /ColorSpace /DeviceGray /BitsPerComponent 8";
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {PAGES} >>"),
        stream_of(&format!("{entries} /Filter [/ASCIIHexDecode /DCTDecode]"), &format!("{hex}>")),
        stream_of("", content),
    ];
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
                /Resources << /XObject << /X 3 0 R >> >> >>";
    objects.extend(std::iter::repeat_n(page.to_owned(), PAGES));
    let document = pdf_of(&objects);
    let taken = inspected(&["inspect"], document.as_slice()).await.expect("answers");
    assert_eq!(taken, Ok(Inspection { kind: Kind::Pdf, codes: vec![] }));
}

#[tokio::test]
async fn a_worker_that_crashes_is_only_a_file_without_an_answer() {
    for crash in ["crash", "overflow", "unknown"] {
        let crashed = inspected(&[crash], &vec![0; 200_000]).await;
        assert!(matches!(&crashed, Err(error @ WorkerError::Crashed(_)) if error.is_about_the_file()), "{crashed:?}");
    }
}

#[tokio::test]
async fn a_worker_that_floods_is_killed() {
    let flooded = inspected(&["flood"], &vec![0; 1_000_000]).await;
    assert!(matches!(flooded, Err(WorkerError::Flooded)), "{flooded:?}");
    let gibberish = inspected(&["gibberish"], b"file").await;
    assert!(matches!(gibberish, Err(WorkerError::NoAnswer)), "{gibberish:?}");
}

#[tokio::test]
async fn a_worker_knows_nothing_of_who_started_it() {
    assert!(std::env::vars_os().next().is_some(), "the test has an environment");
    assert_eq!(inspected(&["environment"], b"file").await.expect("answers"), Err(Refusal::Empty));
}

#[tokio::test]
async fn what_is_not_the_files_fault_is_told_apart() {
    let nobody = Client::new(PathBuf::from("/nowhere/worker"), vec![], PATIENCE, 1);
    let missing = nobody.inspect(Look::Whole, b"file".as_slice()).await.expect_err("there is no such program");
    assert!(matches!(missing, WorkerError::NotRunning(_)) && !missing.is_about_the_file(), "{missing:?}");
    let unread = client(&["inspect"], PATIENCE)
        .inspect(Look::Whole, BreaksOff(b"%PDF-1.7"))
        .await
        .expect_err("the file breaks off");
    assert!(matches!(unread, WorkerError::Unreadable(_)) && !unread.is_about_the_file(), "{unread:?}");
}

#[tokio::test]
async fn a_store_that_is_slow_is_not_the_files_fault() {
    let (_kept_open, file) = tokio::io::duplex(64);
    let slow =
        client(&["inspect"], Duration::from_millis(300)).inspect(Look::Whole, file).await.expect_err("never comes");
    let is_late = matches!(&slow, WorkerError::Unreadable(why) if why.kind() == io::ErrorKind::TimedOut);
    assert!(is_late && !slow.is_about_the_file(), "{slow:?}");
}

#[tokio::test]
async fn a_worker_is_in_a_group_of_its_own() {
    assert_eq!(inspected(&["group"], b"file").await.expect("answers"), Err(Refusal::Empty));
}

#[tokio::test]
async fn a_worker_can_open_nothing_and_what_it_starts_comes_to_nothing() {
    assert_eq!(inspected(&["escape"], &png()).await.expect("answers"), Err(Refusal::Empty));
}

/// A file that begins and then cannot be read.
struct BreaksOff(&'static [u8]);

impl AsyncRead for BreaksOff {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let beginning = std::mem::take(&mut self.0);
        if beginning.is_empty() {
            return Poll::Ready(Err(io::Error::other("the store is away")));
        }
        into.put_slice(beginning);
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn only_so_many_workers_run_at_once() {
    let deadline = Duration::from_millis(700);
    let client = client(&["spin"], deadline);
    for look in [Look::Brief, Look::Whole] {
        let start = Instant::now();
        let all = (0..3).map(|_| client.inspect(look, &b""[..]));
        let ended = futures_util::future::join_all(all).await;
        assert!(ended.iter().all(|ended| matches!(ended, Err(WorkerError::TimedOut(_)))), "{ended:?}");
        assert!(start.elapsed() >= deadline * 2, "{look:?}: the third waited for a place: {:?}", start.elapsed());
    }
}

/// How many bytes a worker may take for this file.
async fn memory_for(file: &[u8]) -> u64 {
    let told = inspected(&["memory"], file).await.expect("answers").expect("is taken");
    told.codes[0].text.parse().expect("a number")
}

/// What a header says beforehand bounds what an image takes; a document of 800 bytes can unpack to anything.
#[tokio::test]
async fn a_document_may_take_less_than_an_image_and_four_workers_leave_the_service_its_share_of_a_pod() {
    const MIB: u64 = 1024 * 1024;
    let (document, image) = (memory_for(b"%PDF-1.7\n").await, memory_for(&png()).await);
    assert!(document <= image * 2 / 3, "{document} of {image}");
    let pod = concat!(env!("CARGO_MANIFEST_DIR"), "/../../infra/base/delivery.yaml");
    let pod = std::fs::read_to_string(pod).expect("is there");
    let (_, limits) = pod.split_once("limits: {").expect("it has limits");
    let (_, memory) = limits.split_once("memory: ").expect("of memory");
    let (memory, _) = memory.split_once("Mi}").expect("in MiB");
    let left = memory.parse::<u64>().expect("a number").checked_sub(4 * image / MIB);
    // 16 files that come in, 256 that go out, and as much for all else.
    assert!(left.is_some_and(|left| left >= 2 * (16 * 10 + 128)), "{left:?} MiB are left");
}

#[tokio::test]
async fn a_bomb_takes_no_more_than_its_worker() {
    let limit = usize::try_from(MAX_BYTES).expect("fits");
    let nested = [b"%PDF-1.7\n1 0 obj\n".to_vec(), vec![b'['; limit - 100]].concat();
    let ended = client(&["inspect"], PATIENCE).inspect(Look::Whole, nested.as_slice()).await;
    let is_refused = matches!(&ended, Ok(Err(Refusal::Damaged | Refusal::TooManyPages)));
    let is_crash = matches!(&ended, Err(error) if error.is_about_the_file());
    assert!(is_refused || is_crash, "{ended:?}");
}
