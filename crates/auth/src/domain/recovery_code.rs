use serde::{Deserialize, Serialize};

/// How many an account has at once.
pub(crate) const RECOVERY_CODES: usize = 10;
/// How many random bytes one is made of: nobody guesses 80 bits, so a quick hash of them is as good as a slow one.
pub(crate) const CODE_BYTES: usize = 10;
/// How many characters they are written with.
const CHARACTERS: usize = CODE_BYTES * 8 / 5;
/// How many of these stand together.
const GROUP: usize = 4;
/// Five bits each; letters that are mistaken for digits are left out, and read as these digits.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code on paper, with which somebody signs in who has lost their passkeys. It has no `Debug`: it belongs in no log.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RecoveryCode(String);

/// All that is kept of a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct CodeHash(pub(crate) String);

impl RecoveryCode {
    /// The code that these random bytes make.
    pub(crate) fn of_bytes(bytes: [u8; CODE_BYTES]) -> Self {
        let bits = bytes.iter().fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        let character = |place: usize| char::from(ALPHABET[((bits >> (5 * place)) & 31) as usize]);
        Self((0..CHARACTERS).rev().map(character).collect())
    }

    /// Reads what somebody has typed: in small letters, or without the dashes.
    pub(crate) fn read(typed: &str) -> Option<Self> {
        let is_between = |character: &char| *character == '-' || character.is_whitespace();
        let code = typed.chars().filter(|character| !is_between(character)).take(CHARACTERS + 1);
        let code: String = code.map(canonical).collect::<Option<_>>()?;
        (code.len() == CHARACTERS).then_some(Self(code))
    }

    /// As it is hashed.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As its owner is shown it, once.
    pub(crate) fn reveal(&self) -> String {
        let groups: Vec<&str> = (0..CHARACTERS).step_by(GROUP).map(|at| &self.0[at..at + GROUP]).collect();
        groups.join("-")
    }
}

/// The character of the alphabet that somebody means.
fn canonical(character: char) -> Option<char> {
    let meant = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().any(|known| char::from(*known) == meant).then_some(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::of_bytes([0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf]);
        assert_eq!(code.reveal(), "0123-4567-89AB-CDEF");
        for typed in ["0123-4567-89ab-cdef", " o123 4567 89AB CDEF ", "Ol23456789ABCDEF", "0-1-2-3-4567-89AB-CDEF-"] {
            assert!(RecoveryCode::read(typed) == Some(code.clone()), "{typed:?}");
        }
        assert_eq!(RecoveryCode::of_bytes([255; CODE_BYTES]).reveal(), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
    }

    #[test]
    fn what_is_no_code_is_not_read() {
        for typed in
            ["", "0123", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEF0", "U123-4567-89AB-CDEF", "é".repeat(16).as_str()]
        {
            assert!(RecoveryCode::read(typed).is_none(), "{typed:?}");
        }
    }
}
