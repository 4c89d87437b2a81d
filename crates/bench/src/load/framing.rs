//! Where a response ends.

use anyhow::{Context, Result, ensure};

/// More headers than any response has.
const MAX_HEADERS: usize = 64;

/// What the head of a response says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    /// The length of the head itself.
    pub(super) length: usize,
    pub(super) body: Framing,
    /// Whether the server closes the connection after this response.
    pub(super) closes: bool,
}

/// How the end of a body is found.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// It has so many bytes.
    Length(usize),
    /// It comes in chunks, the last of which is empty.
    Chunked,
}

/// The response's head, once all of it has been received.
///
/// # Errors
/// If it is no head of a response, or the body's end cannot be known from it.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = response.parse(bytes)? else { return Ok(None) };
    let status = response.code.context("an answer without a status")?;
    let value_of = |name: &str| {
        let header = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(header.value).ok()
    };
    let body = match (value_of("content-length"), value_of("transfer-encoding")) {
        (_, Some(encoding)) => {
            ensure!(encoding.eq_ignore_ascii_case("chunked"), "an answer ({status}) in {encoding}");
            Framing::Chunked
        }
        (Some(length), None) => Framing::Length(length.parse().context("a content-length")?),
        (None, None) => {
            ensure!(status == 204, "an answer ({status}) that does not say its length");
            Framing::Length(0)
        }
    };
    let closes = value_of("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    Ok(Some(Head { status, length, body, closes }))
}

/// The body that these chunks make, once all of them have been received.
///
/// # Errors
/// If they are no chunks.
pub(super) fn joined(chunks: &[u8]) -> Result<Option<Vec<u8>>> {
    let (mut rest, mut body) = (chunks, Vec::new());
    loop {
        let size = httparse::parse_chunk_size(rest).ok().context("a chunk without its size")?;
        let httparse::Status::Complete((start, size)) = size else { return Ok(None) };
        let size = usize::try_from(size)?;
        // Trailers have been asked for by nobody: the last chunk ends as the others do.
        let Some(after) = rest.get(size.saturating_add(start + 2)..) else { return Ok(None) };
        if size == 0 {
            return Ok(Some(body));
        }
        body.extend_from_slice(&rest[start..start + size]);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_as_long_as_its_head_says() {
        let answer = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";
        let length = answer.len() - 2;
        let head = Head { status: 201, length, body: Framing::Length(2), closes: false };
        assert_eq!(parse(answer).expect("an answer"), Some(head));
        assert_eq!(parse(&answer[..length - 1]).expect("a part of one"), None);
        let empty = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
        let head = Head { status: 204, length: empty.len(), body: Framing::Length(0), closes: true };
        assert_eq!(parse(empty).expect("an answer"), Some(head));
        parse(b"HTTP/1.1 200 OK\r\n\r\n").expect_err("an unknown length");
        parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n").expect_err("an unknown encoding");
    }

    #[test]
    fn chunks_are_joined_once_the_last_has_come() {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(parse(head).expect("an answer").map(|head| head.body), Some(Framing::Chunked));
        let chunks = b"5\r\nhello\r\n7;note=a\r\n, world\r\n0\r\n\r\n";
        assert_eq!(joined(chunks).expect("chunks").as_deref(), Some(&b"hello, world"[..]));
        for length in 0..chunks.len() {
            assert_eq!(joined(&chunks[..length]).expect("some of them"), None, "of {length} bytes");
        }
        joined(b"hello").expect_err("no size");
    }
}
