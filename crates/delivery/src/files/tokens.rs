//! The bare words of a PDF, for what a parser hides: of two entries with one name it tells one, and of several revisions
//! the last.

use std::collections::HashMap;

/// A word, or what other words are in.
enum Token<'a> {
    /// A name, without the slash and with its escapes undone.
    Name(Vec<u8>),
    /// The beginning of a dictionary or an array.
    Open,
    /// The end of one.
    Close,
    /// A string, a number or a keyword.
    Other(&'a [u8]),
}

/// Goes through the words of what is left.
#[derive(Clone, Copy)]
struct Tokens<'a>(&'a [u8]);

const DELIMITERS: &[u8] = b"()<>[]{}/%";
const END_OF_STREAM: &[u8] = b"endstream";

/// All names between the streams: what is in those is an object by itself, or no object. Comments and strings have none.
pub(super) fn names_outside_streams(file: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let (mut tokens, mut has_ends) = (Tokens(file), true);
    std::iter::from_fn(move || {
        loop {
            match tokens.next()? {
                Token::Name(name) => return Some(name),
                // One without an end hides nothing of what comes after it, and neither does the next.
                Token::Other(b"stream") if has_ends => has_ends = tokens.skip_stream(),
                _ => {}
            }
        }
    })
}

/// Whether the dictionary that this is the text of has an entry twice, which do not say the same.
pub(super) fn has_twice(dict: &[u8]) -> bool {
    let mut tokens = Tokens(dict);
    tokens.next();
    let mut values: HashMap<Vec<u8>, &[u8]> = HashMap::new();
    loop {
        match tokens.next() {
            Some(Token::Name(key)) => {
                let before = tokens.0;
                tokens.skip_value();
                let value = before[..before.len() - tokens.0.len()].trim_ascii();
                if values.insert(key, value).is_some_and(|first| first != value) {
                    return true;
                }
            }
            Some(Token::Open) => tokens.skip_group(),
            Some(Token::Other(_)) => {}
            Some(Token::Close) | None => return false,
        }
    }
}

impl<'a> Tokens<'a> {
    /// What is left begins `length` later; that part.
    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, left) = self.0.split_at(length.min(self.0.len()));
        self.0 = left;
        taken
    }

    fn take_while(&mut self, is_part: impl Fn(u8) -> bool) -> &'a [u8] {
        let length = self.0.iter().position(|byte| !is_part(*byte)).unwrap_or(self.0.len());
        self.take(length)
    }

    /// A string in parentheses, which may have pairs of them.
    fn take_string(&mut self) -> &'a [u8] {
        let (mut depth, mut is_escaped) = (0_usize, false);
        let end = self.0.iter().position(|byte| {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        self.take(end.map_or(self.0.len(), |end| end + 1))
    }

    /// Whether there is an end, and everything before it was skipped.
    fn skip_stream(&mut self) -> bool {
        let end = self.0.windows(END_OF_STREAM.len()).position(|window| window == END_OF_STREAM);
        if let Some(end) = end {
            self.take(end);
        }
        end.is_some()
    }

    /// The rest of a dictionary or an array.
    fn skip_group(&mut self) {
        let mut depth = 1;
        while depth > 0 {
            match self.next() {
                Some(Token::Open) => depth += 1,
                Some(Token::Close) => depth -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }

    /// What an entry of a dictionary says, if it says anything: a reference has three words.
    fn skip_value(&mut self) {
        let mut after = *self;
        match after.next() {
            Some(Token::Open) => after.skip_group(),
            Some(Token::Close) | None => return,
            Some(_) => {
                let mut further = after;
                if let (Some(Token::Other(_)), Some(Token::Other(b"R"))) = (further.next(), further.next()) {
                    after = further;
                }
            }
        }
        *self = after;
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        self.take_while(is_space);
        while self.0.starts_with(b"%") {
            self.take_while(|byte| !matches!(byte, b'\r' | b'\n'));
            self.take_while(is_space);
        }
        Some(match self.0 {
            [] => return None,
            [b'/', ..] => {
                self.take(1);
                Token::Name(unescaped(self.take_while(is_regular)))
            }
            [b'(', ..] => Token::Other(self.take_string()),
            [b'<', b'<', ..] | [b'>', b'>', ..] => {
                if self.take(2) == b"<<" {
                    Token::Open
                } else {
                    Token::Close
                }
            }
            [b'<', ..] => Token::Other(self.take_while(|byte| byte != b'>')),
            [b'[', ..] | [b']', ..] => {
                if self.take(1) == b"[" {
                    Token::Open
                } else {
                    Token::Close
                }
            }
            [first, ..] if !is_regular(*first) => Token::Other(self.take(1)),
            _ => Token::Other(self.take_while(is_regular)),
        })
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !DELIMITERS.contains(&byte)
}

/// A name in which no letter is written as the number that it has.
fn unescaped(mut name: &[u8]) -> Vec<u8> {
    let mut letters = Vec::with_capacity(name.len());
    while let Some((first, rest)) = name.split_first() {
        let (letter, after) = escaped(name).unwrap_or((*first, rest));
        letters.push(letter);
        name = after;
    }
    letters
}

fn escaped(name: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, rest) = name.strip_prefix(b"#")?.split_first_chunk::<2>()?;
    let mut letter = [0];
    hex::decode_to_slice(digits, &mut letter).ok()?;
    Some((letter[0], rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(file: &str) -> Vec<String> {
        names_outside_streams(file.as_bytes()).map(|name| String::from_utf8(name).expect("is text")).collect()
    }

    #[test]
    fn names_are_told_but_not_those_in_streams_strings_and_comments() {
        assert_eq!(names("<< /S/#4aS /A[ /B#2 null/C ] >>"), ["S", "JS", "A", "B#2", "C"]);
        assert_eq!(names("(/A (/B) \\) /C) /D <2f> /E % /F\n/G"), ["D", "E", "G"]);
        assert_eq!(names("/A stream\n/B ( endstream /C"), ["A", "C"]);
        assert_eq!(names("/A stream\n/B stream /C"), ["A", "B", "C"], "without an end");
        assert_eq!(names("/A ( /B"), ["A"]);
    }

    #[test]
    fn an_entry_with_two_values_is_found() {
        for dict in [
            "<< /S /URI /S /JavaScript >>",
            "<< /A 1 0 R /B (x) /A 2 0 R >>",
            "<< /#53 /URI /S /GoTo >>",
            "<< /A << /B 1 >> /A << /B 2 >> >>",
            "<</A[1]/B[/A 2]/A[2]>>",
            "<< x /A 1 [ ] /A 2 >>",
        ] {
            assert!(has_twice(dict.as_bytes()), "{dict}");
        }
        for dict in [
            "<< /Type /Page /Subtype /Type >>",
            "<< /A << /B 1 >> /B 2 >>",
            "<< /A 1 0 R /B 2 0 R /C 1 /D (/A) >>",
            "<< /A /B /A  /B >>",
            "<< >>",
            "",
        ] {
            assert!(!has_twice(dict.as_bytes()), "{dict}");
        }
    }
}
