use proptest::prelude::*;
use proptest::sample::Index;

use super::chunks::{CHUNK, TAG};
use super::*;

const TICKET: &str = "65f000000000000000000001";

/// A master key that differs by `letter`.
fn master(letter: char) -> MasterKey {
    letter.to_string().repeat(32).parse().expect("is long enough")
}

fn keys(newest: char, older: &str) -> MasterKeys {
    MasterKeys::new(master(newest), older.chars().map(master).collect())
}

fn subject() -> Subject {
    Subject { file: id("65f0000000000000000000aa"), ticket: id(TICKET) }
}

fn id<T>(text: &str) -> common::id::Id<T> {
    text.parse().expect("is an id")
}

/// The file sealed in parts of `part` bytes, and its key.
fn sealed(keys: &MasterKeys, file: &[u8], part: usize) -> (Vec<u8>, WrappedKey) {
    let (mut sealer, wrapped) = keys.seal(&subject()).expect("begins");
    let mut stored = Vec::new();
    for part in file.chunks(part) {
        stored.extend(sealer.push(part).expect("seals"));
    }
    stored.extend(sealer.finish().expect("ends"));
    (stored, wrapped)
}

fn opened(
    keys: &MasterKeys,
    (stored, wrapped): (&[u8], &WrappedKey),
    subject: &Subject,
    part: usize,
) -> Result<Vec<u8>, SealingError> {
    let mut opener = keys.open(wrapped, subject)?;
    let mut file = Vec::new();
    for part in stored.chunks(part) {
        file.extend(opener.push(part)?);
    }
    file.extend(opener.finish()?);
    Ok(file)
}

/// Files of all lengths that matter: none, and around the ends of chunks.
fn file() -> impl Strategy<Value = Vec<u8>> {
    let around = |chunks: usize| (chunks * CHUNK).saturating_sub(2)..chunks * CHUNK + 3;
    let length = prop_oneof![0_usize..300, (0_usize..4).prop_flat_map(around), 0_usize..4 * CHUNK];
    (length, any::<u64>()).prop_map(|(length, seed)| {
        (0..length as u64).map(|at| (seed.wrapping_add(at).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
    })
}

fn part() -> impl Strategy<Value = usize> {
    prop_oneof![1_000_usize..9_000, CHUNK - 20..CHUNK + 20, Just(usize::MAX)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_sealed_is_opened_however_it_is_cut(file in file(), into in part(), out in part()) {
        let (stored, wrapped) = sealed(&keys('a', ""), &file, into);
        prop_assert_eq!(stored.len(), 1 + file.len() + file.len().div_ceil(CHUNK).max(1) * TAG);
        prop_assert_eq!(opened(&keys('a', ""), (&stored, &wrapped), &subject(), out), Ok(file));
    }

    #[test]
    fn a_changed_byte_is_noticed(file in file(), at in any::<Index>(), change in 1_u8..) {
        let (mut stored, wrapped) = sealed(&keys('a', ""), &file, usize::MAX);
        stored[at.index(file.len() + 1)] ^= change;
        let read = opened(&keys('a', ""), (&stored, &wrapped), &subject(), 5_000);
        prop_assert_eq!(read, Err(SealingError::NotWhatWasSealed));
    }

    #[test]
    fn a_file_that_is_cut_off_or_goes_on_is_noticed(file in file(), at in any::<Index>(), more in 1_usize..CHUNK) {
        let (stored, wrapped) = sealed(&keys('a', ""), &file, usize::MAX);
        let cut = &stored[..at.index(stored.len())];
        prop_assert!(opened(&keys('a', ""), (cut, &wrapped), &subject(), 5_000).is_err());
        let longer = [stored.clone(), vec![0; more]].concat();
        prop_assert!(opened(&keys('a', ""), (&longer, &wrapped), &subject(), 5_000).is_err());
    }

    #[test]
    fn a_changed_wrapped_key_opens_nothing(at in any::<Index>(), change in 1_u8..) {
        let (stored, wrapped) = sealed(&keys('a', ""), b"ticket", 6);
        let mut text = wrapped.to_string().into_bytes();
        let at = at.index(text.len());
        text[at] ^= change;
        let changed = String::from_utf8(text).ok().and_then(|text| text.parse::<WrappedKey>().ok());
        if let Some(changed) = changed {
            prop_assert!(opened(&keys('a', ""), (&stored, &changed), &subject(), 5_000).is_err());
        }
    }

    #[test]
    fn rotation_keeps_the_file_and_ends_the_old_key(file in file()) {
        let (stored, old) = sealed(&keys('a', ""), &file, usize::MAX);
        let both = keys('b', "za");
        prop_assert_eq!(opened(&both, (&stored, &old), &subject(), 5_000), Ok(file.clone()));
        let new = both.rewrap(&old, &subject()).expect("opens").expect("is wrapped anew");
        prop_assert_eq!(both.rewrap(&new, &subject()), Ok(None));
        let unknown = Err(SealingError::UnknownKey(master('a').id()));
        prop_assert_eq!(opened(&keys('b', ""), (&stored, &old), &subject(), 5_000), unknown);
        prop_assert_eq!(opened(&keys('b', ""), (&stored, &new), &subject(), 5_000), Ok(file));
    }
}

#[test]
fn a_file_opens_for_its_own_subject_only() {
    let keys = keys('a', "");
    let (stored, wrapped) = sealed(&keys, b"ticket", 6);
    let other_file = Subject { file: id("65f0000000000000000000ab"), ..subject() };
    let other_ticket = Subject { ticket: id("65f000000000000000000002"), ..subject() };
    for other in [other_file, other_ticket] {
        let read = opened(&keys, (&stored, &wrapped), &other, 5_000);
        assert_eq!(read, Err(SealingError::NotWhatWasSealed));
        assert_eq!(keys.rewrap(&wrapped, &other), Ok(None));
        let rotated = self::keys('b', "a").rewrap(&wrapped, &other);
        assert_eq!(rotated, Err(SealingError::NotWhatWasSealed), "a key is not moved by rotating it");
    }
}

#[test]
fn chunks_keep_their_places() {
    let keys = keys('a', "");
    let file: Vec<u8> = (0..3 * CHUNK).map(|at| (at / CHUNK) as u8).collect();
    let (stored, wrapped) = sealed(&keys, &file, usize::MAX);
    let (version, chunks) = stored.split_at(1);
    let chunks: Vec<&[u8]> = chunks.chunks(CHUNK + TAG).collect();
    for order in [vec![1, 0, 2], vec![0, 2], vec![0, 0, 1, 2], vec![0, 1], vec![2], vec![0, 1, 1]] {
        let moved: Vec<&[u8]> = order.iter().map(|&chunk| chunks[chunk]).collect();
        let moved = [version, &moved.concat()].concat();
        let read = opened(&keys, (&moved, &wrapped), &subject(), usize::MAX);
        assert_eq!(read, Err(SealingError::NotWhatWasSealed), "{order:?}");
    }
}

#[test]
fn files_with_the_same_content_share_nothing() {
    let keys = keys('a', "");
    let (first, first_key) = sealed(&keys, &[7; 200], 50);
    let (second, second_key) = sealed(&keys, &[7; 200], 50);
    assert_ne!(first_key, second_key);
    assert_eq!(opened(&keys, (&first, &second_key), &subject(), 5_000), Err(SealingError::NotWhatWasSealed));
    let equal = first[1..].iter().zip(&second[1..]).filter(|(first, second)| first == second).count();
    assert!(equal < 20, "{equal} of {} bytes are the same", first.len());
}

/// Made by another program, from what the comments say of the format.
#[test]
fn what_was_kept_before_opens_still() {
    let wrapped = include_str!("tests/v1.key").trim_end();
    let stored = hex::decode(include_str!("tests/v1.sealed").trim_end()).expect("is hex");
    let wrapped: WrappedKey = wrapped.parse().expect("is a wrapped key");
    assert_eq!(wrapped.master().to_string(), master('a').id().to_string());
    let file = opened(&keys('b', "a"), (&stored, &wrapped), &subject(), 7);
    assert_eq!(file, Ok(b"The ticket of version 1".to_vec()));
}

#[test]
fn keys_that_could_be_guessed_are_refused_and_none_is_shown() {
    assert!("short".parse::<MasterKey>().is_err());
    let shown = format!("{:?}", keys('a', "b"));
    assert!(shown.contains(&master('a').id().to_string()), "{shown}");
    assert!(!shown.contains("aaaa") && !shown.contains("bbbb"), "{shown}");
}
