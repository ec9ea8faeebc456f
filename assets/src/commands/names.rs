//! Names of files, and the names of statics made of them.

use std::path::Path;

/// How a file ends, in small letters.
pub(super) fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
}

/// An identifier of capitals that resembles the name of a file, or begins with `kind` if that begins like none.
pub(super) fn name_of(input: &Path, kind: &str) -> String {
    let stem = input.file_stem().unwrap_or_default().to_string_lossy();
    let capital = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    let name: String = stem.chars().map(capital).collect();
    match name.chars().next() {
        Some(first) if !first.is_ascii_digit() && name != "_" => name,
        _ => format!("{kind}_{name}"),
    }
}

/// A name that was asked for.
pub(super) fn parse_name(text: &str) -> Result<String, String> {
    let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let starts_well = text.starts_with(|c: char| c.is_ascii_uppercase());
    if starts_well && text.chars().all(is_part) {
        return Ok(text.into());
    }
    Err("a letter, then letters, digits and `_`; capitals".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_identifiers() {
        for (file, name) in [
            ("a/ship.png", "SHIP"),
            ("my-cat 2.final.png", "MY_CAT_2_FINAL"),
            ("2x.gif", "IMAGE_2X"),
            ("\u{e9}.bmp", "IMAGE__"),
            ("", "IMAGE_"),
        ] {
            assert_eq!(name_of(Path::new(file), "IMAGE"), name);
            assert_eq!(parse_name(name).as_deref(), Ok(name));
        }
        assert!(["", "a", "1A", "_", "A-B"].iter().all(|name| parse_name(name).is_err()));
    }
}
