//! Adds recordings of the reference to the corpus.
//!
//! `CORPUS_FROM=DIR CORPUS_SCENES="a b" cargo test -p displayio-examples --test corpus -- --ignored import`
//! takes `DIR/scenes/a.json`, `DIR/expected/a.*` and the BMP files that the scene names; `CORPUS_EXPANDED=1` takes all
//! `DIR/expected/*.expanded.json`, and the first frames of their scenes. What is recorded is the reference's picture, never
//! this project's own.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{CORPUS, compress};

#[test]
#[ignore = "writes to the corpus: run by hand"]
fn import() {
    let from = PathBuf::from(env::var("CORPUS_FROM").expect("CORPUS_FROM names a directory"));
    for name in env::var("CORPUS_SCENES").unwrap_or_default().split_whitespace() {
        import_scene(&from, name);
    }
    if env::var_os("CORPUS_EXPANDED").is_some() {
        import_expanded(&from);
    }
}

/// All expanded scenes in one file: most of them share pictures.
fn import_expanded(from: &Path) {
    let mut scenes = serde_json::Map::new();
    let mut files: Vec<_> =
        fs::read_dir(from.join("expected")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for path in files {
        let file = path.file_name().unwrap().to_str().unwrap();
        let Some(name) = file.strip_suffix(".expanded.json") else { continue };
        scenes.insert(name.into(), read_json(&path));
        if !Path::new(&format!("{CORPUS}/expected/{name}.zlib")).exists() {
            write(&format!("expected/{name}.zlib"), compress(&frames(from, name, 1)));
        }
    }
    write("expanded.zlib", compress(&serde_json::to_vec(&Value::Object(scenes)).unwrap()));
}

fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn write(path: &str, bytes: impl AsRef<[u8]>) {
    let path = Path::new(CORPUS).join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn import_scene(from: &Path, name: &str) {
    let scene = read_json(&from.join(format!("scenes/{name}.json")));
    write(&format!("scenes/{name}.json"), serde_json::to_vec(&scene).unwrap());
    for bitmap in scene["bitmaps"].as_object().into_iter().flat_map(|bitmaps| bitmaps.values()) {
        if let Some(file) = bitmap["bmp"].as_str() {
            write(file, fs::read(from.join(file)).unwrap());
        }
    }
    let bitmaps = scene["bitmaps"].as_object().into_iter().flat_map(|bitmaps| bitmaps.values());
    for operation in bitmaps.filter_map(|bitmap| bitmap["ops"].as_array()).flatten() {
        if operation[0] == "readinto" {
            let file = operation[1].as_str().unwrap();
            write(file, fs::read(from.join(file)).unwrap());
        }
    }
    for font in scene["fonts"].as_object().into_iter().flat_map(|fonts| fonts.values()) {
        if let Some(file) = font["file"].as_str() {
            write(file, fs::read(from.join(file)).unwrap());
        }
    }
    if scene.get("expect_error").is_some() {
        return;
    }
    let recording = read_json(&from.join(format!("expected/{name}.json")));
    let labels = recording["labels"].as_array().cloned().unwrap_or_default();
    if !labels.is_empty() {
        let labels: Vec<_> = labels.iter().map(measures).collect();
        write(&format!("labels/{name}.json"), serde_json::to_vec(&labels).unwrap());
    }
    let steps = recording["steps"].as_array().cloned().unwrap_or_default();
    write(&format!("expected/{name}.zlib"), compress(&frames(from, name, steps.len())));
    if !steps.is_empty() {
        let damage: Vec<_> = steps.iter().map(|step| damage(step, &recording["panel"])).collect();
        write(&format!("damage/{name}.json"), serde_json::to_vec(&damage).unwrap());
    }
}

/// Where a label is, its box, and its font's ascent and descent.
fn measures(label: &Value) -> Value {
    let numbers = ["x", "y", "ascent", "descent"].map(|key| (key, label[key].clone()));
    let mut measures: serde_json::Map<_, _> =
        numbers.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    measures.insert("bounding_box".into(), label["bounding_box"].clone());
    Value::Object(measures)
}

/// The frames one after the other.
fn frames(from: &Path, name: &str, steps: usize) -> Vec<u8> {
    let read = |suffix: &str| fs::read(from.join(format!("expected/{name}.{suffix}"))).ok();
    let first = read("step0.raw").or_else(|| read("rgb565")).or_else(|| read("raw")).unwrap();
    let rest = (1..steps).flat_map(|step| read(&format!("step{step}.raw")).unwrap());
    first.into_iter().chain(rest).collect()
}

/// What the reference redraws in a step, clipped to the panel, and how many pixels it leaves wrong.
fn damage(step: &Value, panel: &Value) -> Value {
    let side = |index: usize| panel[index].as_i64().unwrap();
    let clipped = |area: &Value| -> Option<[i64; 4]> {
        let at = |index: usize| area[index].as_i64().unwrap();
        let clipped = [at(0).max(0), at(1).max(0), at(2).min(side(0)), at(3).min(side(1))];
        (clipped[0] < clipped[2] && clipped[1] < clipped[3]).then_some(clipped)
    };
    let areas: Vec<_> = step["areas"].as_array().unwrap().iter().filter_map(clipped).collect();
    json!({ "areas": areas, "stale_pixels": step["stale_pixels"] })
}
