//! Files that are written all or not at all.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process,
};

use super::Failure;

/// Files to be written.
#[derive(Debug, Default)]
pub(super) struct Outputs(Vec<(PathBuf, Vec<u8>)>);

impl Outputs {
    /// Adds a file.
    ///
    /// # Errors
    /// [`Failure`] if another one has the same name.
    pub(super) fn add(&mut self, path: PathBuf, bytes: Vec<u8>) -> Result<(), Failure> {
        if self.0.iter().any(|(other, _)| *other == path) {
            return Err(Failure::failed(path.display(), "two outputs have this name"));
        }
        self.0.push((path, bytes));
        Ok(())
    }

    /// Writes all files under other names, then gives them theirs: readers see old files or new ones, never halves.
    ///
    /// # Errors
    /// [`Failure`] when a file cannot be written or is one of the `inputs`; the old files stay.
    pub(super) fn write(&self, inputs: &[PathBuf]) -> Result<(), Failure> {
        for (path, _) in &self.0 {
            if inputs.iter().any(|input| is_same_file(input, path)) {
                return Err(Failure::failed(path.display(), "is an input"));
            }
        }
        for (index, (path, bytes)) in self.0.iter().enumerate() {
            if let Err(error) = write_new(&temporary(path), bytes) {
                self.0[..=index].iter().for_each(|(path, _)| remove(path));
                return Err(Failure::failed(path.display(), error));
            }
        }
        for (index, (path, _)) in self.0.iter().enumerate() {
            if let Err(error) = fs::rename(temporary(path), path) {
                self.0[index..].iter().for_each(|(path, _)| remove(path));
                return Err(Failure::failed(path.display(), error));
            }
        }
        Ok(())
    }
}

/// Where a file is written first: beside its place, so that a rename suffices.
fn temporary(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", process::id()));
    path.with_file_name(name)
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir)?;
    }
    fs::write(path, bytes)
}

fn remove(path: &Path) {
    // It may not be there.
    let _ = fs::remove_file(temporary(path));
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}
