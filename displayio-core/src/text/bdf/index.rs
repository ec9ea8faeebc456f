//! Where the glyphs of a file are, by character.

use super::super::FontFileError;

/// Code point and position in the file, high bytes first, so that entries sort as bytes do.
pub(super) type Entry = [u8; 8];

fn key(character: char) -> [u8; 4] {
    u32::from(character).to_be_bytes()
}

/// Fills an index with the characters and positions that `next` gives, and sorts it. There must be just as many.
pub(super) fn fill(
    bytes: &mut [u8],
    mut next: impl FnMut() -> Result<Option<(char, u64)>, FontFileError>,
) -> Result<(), FontFileError> {
    let entries = bytes.as_chunks_mut::<8>().0;
    for entry in &mut *entries {
        let (character, at) = next()?.ok_or(FontFileError::Changed)?;
        let at = u32::try_from(at).map_err(|_| FontFileError::TooLarge)?;
        let (code, position) = entry.split_at_mut(4);
        code.copy_from_slice(&key(character));
        position.copy_from_slice(&at.to_be_bytes());
    }
    if next()?.is_some() {
        return Err(FontFileError::Changed);
    }
    if !entries.is_sorted() {
        entries.sort_unstable();
    }
    Ok(())
}

/// Where the first glyph of a character is.
pub(super) fn find(bytes: &[u8], character: char) -> Option<u64> {
    let (entries, code) = (bytes.as_chunks::<8>().0, key(character));
    let [c0, c1, c2, c3, p0, p1, p2, p3] =
        *entries.get(entries.partition_point(|entry| entry[..4] < code[..]))?;
    ([c0, c1, c2, c3] == code).then(|| u32::from_be_bytes([p0, p1, p2, p3]).into())
}
