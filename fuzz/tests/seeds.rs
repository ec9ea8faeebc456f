//! The committed inputs: seeds, and what was found before.

use std::{fs, path::Path};

use displayio_fuzz::TARGETS;

/// Folders of inputs, seen from this package; not every target has both.
const FOLDERS: [(&str, &[&str]); 6] = [
    ("bmp", &["../examples/corpus/bmp"]),
    ("draw", &["seeds/draw"]),
    ("fonts", &["../displayio-core/tests/fonts/files", "../displayio-core/fonts"]),
    ("scene", &["../examples/corpus/scenes", "seeds/scene"]),
    ("shapes", &["seeds/shapes"]),
    ("text", &["seeds/text"]),
];

#[test]
fn seeds_pass() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    for ((target, run), (of_target, folders)) in TARGETS.into_iter().zip(FOLDERS) {
        assert_eq!(target, of_target, "each target has inputs");
        for folder in folders {
            let entries = fs::read_dir(package.join(folder)).expect("a folder of inputs");
            for path in entries.map(|entry| entry.expect("an entry").path()) {
                println!("{}", path.display());
                run(&fs::read(&path).expect("a readable input"));
            }
        }
    }
}
