//! What a program consists of.

use std::{fs, path::Path};

use object::{File, Object as _, ObjectSection as _, ObjectSymbol as _};

use crate::failure::Failure;

/// Calls something with a parsed program.
fn parse<R>(program: &Path, f: impl FnOnce(&File<'_>) -> R) -> Result<R, Failure> {
    let fail =
        |error: &dyn core::fmt::Display| Failure::new(format!("{}: {error}", program.display()));
    let bytes = fs::read(program).map_err(|error| fail(&error))?;
    let file = File::parse(bytes.as_slice()).map_err(|error| fail(&error))?;
    Ok(f(&file))
}

/// Bytes of code and constants.
///
/// # Errors
/// The file is not a program, or has no code.
pub(crate) fn code_bytes(program: &Path) -> Result<u64, Failure> {
    Ok(section_bytes(program, [".text", ".rodata"])?.iter().sum())
}

/// Bytes of each of these sections; 0 for those that the program lacks.
///
/// # Errors
/// The file is not a program, or has no code.
pub(crate) fn section_bytes<const N: usize>(
    program: &Path,
    names: [&str; N],
) -> Result<[u64; N], Failure> {
    let (code, sizes) = parse(program, |file| {
        let size = |name| file.section_by_name(name).map_or(0, |section| section.size());
        (size(".text"), names.map(size))
    })?;
    if code == 0 {
        return Err(Failure::new(format!("{} has no code", program.display())));
    }
    Ok(sizes)
}

/// Symbols whose name contains any of `parts`.
///
/// # Errors
/// The file is not a program, or has no symbols to search.
pub(crate) fn symbols_with(program: &Path, parts: &[&str]) -> Result<Vec<String>, Failure> {
    let names: Vec<String> = parse(program, |file| {
        file.symbols().filter_map(|s| Some(s.name().ok()?.into())).collect()
    })?;
    if names.is_empty() {
        return Err(Failure::new(format!("{} has no symbols", program.display())));
    }
    let found = |name: &String| parts.iter().any(|part| name.contains(part));
    Ok(names.into_iter().filter(found).collect())
}
