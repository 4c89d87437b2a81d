use std::sync::atomic::AtomicUsize;

use tempfile::TempDir;

use super::*;

/// How often SQLite was refused the file. One test uses it.
static REFUSED: AtomicUsize = AtomicUsize::new(0);

/// A writer of a file, and somebody else who has begun to write to it.
fn writer_and_other() -> (Writer, Connection, TempDir) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("records.db");
    let mut connection = Connection::open(&path).expect("opens");
    connection.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE numbers (number)").expect("is new");
    let never_again = |_| {
        REFUSED.fetch_add(1, Ordering::Relaxed);
        false
    };
    connection.busy_handler(Some(never_again)).expect("nothing is in progress");
    let other = Connection::open(&path).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("nobody writes yet");
    (Writer::on_thread(&Memory::of(connection)).expect("starts"), other, directory)
}

#[tokio::test(flavor = "multi_thread")]
async fn work_waits_while_somebody_else_has_the_file_unless_the_writer_ends() {
    let (writer, other, _directory) = writer_and_other();
    let insert = |db: &Connection| db.execute("INSERT INTO numbers VALUES (7)", []);
    let mut inserted = Box::pin(writer.run(insert));
    while REFUSED.load(Ordering::Relaxed) < 2 {
        assert!(futures::poll!(&mut inserted).is_pending());
        tokio::task::yield_now().await;
    }
    other.execute_batch("COMMIT").expect("nothing has changed");
    assert_eq!(inserted.await.expect("is written in the end"), 1);

    other.execute_batch("BEGIN IMMEDIATE").expect("nobody writes any more");
    let (sender, outcome) = oneshot::channel::<()>();
    writer.submit(move |_| {
        drop(sender);
        Box::new(|_| {})
    });
    tokio::task::spawn_blocking(move || drop(writer)).await.expect("does not panic");
    outcome.await.expect_err("was not done");
    let count: i64 = other.query_row("SELECT COUNT(*) FROM numbers", [], |row| row.get(0)).expect("reads");
    assert_eq!(count, 1);
}
