//! What `play` refuses, what it does not support, how it fails, and that no text makes it panic.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failure to set up is a failed test")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use displayio_examples::scene::{Assets, HeapKind, PlayError, SceneMemory, parse, play};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A scene with some of everything.
fn scene() -> Value {
    json!({
        "schema": "displayio-scene/1",
        "display": {"width": 24, "height": 16, "rotation": 90, "depth": 16},
        "fonts": {"f": {"builtin": "ter-u12n"}},
        "palettes": {
            "p": {"colors": [0, 0xff0000, 0x00ff00, 0x0000ff], "transparent": [0]},
            "d": {"colors": [0x123456, 0xffffff], "dither": true}
        },
        "converters": {"c": {"input": "RGB565", "transparent": 7}},
        "bitmaps": {
            "b": {"size": [4, 4], "value_count": 4, "pixels": "AAECAwABAgMAAQIDAAECAw=="},
            "e": {"size": [4, 4], "value_count": 2, "ops": [["fill", 1]]},
            "w": {"size": [2, 1], "value_count": 65536, "pixels": "BwD/AA=="},
            "o": {"size": [8, 8], "value_count": 2, "ops": [
                ["fill", 1], ["set", 1, 2, 0], ["fill_region", 0, 0, 2, 2, 0],
                ["draw_line", -3, -3, 9, 4, 0], ["draw_circle", 4, 4, 3, 1],
                ["draw_polygon", [0, 7, 3], [0, 2, 7], 0, {"close": false}],
                ["replace_color", 0, 1], ["boundary_fill", 7, 7, 0], ["blit", "e", 5, 5, {"skip_source_index": 1}],
                ["blit", "o", 1, 2, 0, 0, 4, 4], ["rotozoom", "e", {"angle": 0.7, "scale": 1.5, "px": 1, "py": 1}],
                ["arrayblit", [1, 0, 1, 1], {"x1": 2, "y1": 2, "x2": 4, "y2": 4}]
            ]},
            "m": {"size": [2, 1], "value_count": 65536, "ops": [
                ["alphablend", "w", "m", "RGB565", 0.25, {"blendmode": "Screen", "skip_source2_index": 3}],
                ["dither", "w", "RGB565", "FloydStenberg"]
            ]}
        },
        "root": {"type": "group", "id": "root", "scale": 1, "children": [
            {"type": "tilegrid", "id": "t", "bitmap": "b", "shader": "p", "x": 1, "y": -2,
             "width": 2, "height": 2, "tile_width": 2, "tile_height": 2, "tiles": [0, 1, 2, 3],
             "flip_x": true, "transpose_xy": true},
            {"type": "group", "id": "g", "x": 3, "scale": 2, "hidden": false, "children": [
                {"type": "tilegrid", "id": "u", "bitmap": "w", "shader": "c"},
                {"type": "tilegrid", "bitmap": "o", "shader": "d", "default_tile": 3,
                 "tile_width": 4, "tile_height": 4},
                {"type": "circle", "id": "c", "shader": "p", "radius": 3, "x": 2, "color_index": 1},
                {"type": "rectangle", "id": "r", "shader": "d", "width": 4, "height": 2, "y": 3},
                {"type": "polygon", "id": "y", "shader": "c", "points": [[0, 0], [5, 1], [2, 6]],
                 "color_index": 999},
                {"type": "label", "id": "l", "font": "f", "text": "a\tb", "y": 4, "color": 0xffff00,
                 "background_color": 255, "set": [["line_spacing", 0.5], ["text", "ab\nc"]]},
                {"type": "bitmap_label", "id": "k", "font": "f", "text": "xy", "outline_color": 0,
                 "anchor_point": [1.0, 0.5], "anchored_position": [9, 9], "label_direction": "UPR"},
                {"type": "text_box", "font": "f", "text": "to and fro", "width": 20, "height": -1, "align": 2}
            ]}
        ]},
        "steps": [
            [["set", "t", "x", 5], ["set", "g", "scale", 3], ["set", "u", "flip_y", true]],
            [["bitmap", "b", "set", 1, 1, 3], ["palette", "p", 1, 0xabcdef], ["transparent", "p", 2]],
            [["tile", "t", 1, 1, 0], ["set", "g", "hidden", true]],
            [["insert", "root", 0, {"type": "tilegrid", "id": "n", "bitmap": "b", "shader": "p"}],
             ["append", "g", {"type": "group"}], ["set", "n", "y", 9]],
            [["set", "l", "text", "12"], ["set", "l", "scale", 2], ["set", "k", "text", "longer text"],
             ["set", "k", "color", null], ["set", "l", "anchor_point", [0.5, 0.5]],
             ["set", "l", "anchored_position", [3, 3]], ["set", "l", "label_direction", "TTB"]],
            [["set", "c", "radius", 5], ["set", "r", "height", 9], ["set", "r", "width", 1],
             ["set", "y", "points", [[0, 0], [4, 4], [8, 0], [4, -4]]], ["set", "y", "location", [3, 3]],
             ["set", "c", "color_index", 3], ["set", "y", "pixel_shader", "p"], ["set", "n", "bitmap", "e"]],
            [["pop", "root", -1], ["pop", "root"], ["set", "g", "hidden", false]]
        ]
    })
}

/// The scene with one value replaced; one that is not there is added.
fn with(pointer: &str, value: Value) -> Value {
    let mut scene = scene();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match scene.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        Value::Object(fields) => _ = fields.insert(key.into(), value),
        other => panic!("{parent} is {other}"),
    }
    scene
}

const SMALL: SceneMemory =
    SceneMemory { buffer_bytes: 64, heap_bytes: 16 << 10, heap_kind: HeapKind::List };

/// The bytes of all frames.
fn frames(text: &[u8], memory: SceneMemory) -> Result<Vec<Vec<u8>>, PlayError> {
    let scene = parse(text, &Assets::default())?;
    let mut frames = Vec::new();
    play(&scene, memory, &mut |frame| {
        frames.push(frame.bytes.to_vec());
        Ok(())
    })?;
    Ok(frames)
}

fn play_text(text: &[u8], memory: SceneMemory) -> Result<usize, PlayError> {
    frames(text, memory).map(|frames| frames.len())
}

fn play_value(scene: &Value) -> Result<usize, PlayError> {
    play_text(scene.to_string().as_bytes(), SMALL)
}

#[test]
fn the_scene_as_it_is_plays() {
    assert_eq!(play_value(&scene()), Ok(8));
}

/// The bytes of a panel that shows 16x16 pixels of black and white, lit at (1, 0), (0, 2) and (9, 10).
fn panel_bytes(display: Value) -> Vec<u8> {
    let lit = [(1, 0), (0, 2), (9, 10)].map(|(x, y)| json!(["set", x, y, 1]));
    let scene = json!({
        "schema": "displayio-scene/1",
        "display": display,
        "palettes": {"p": {"colors": [0, 0xffffff]}},
        "bitmaps": {"b": {"size": [16, 16], "value_count": 2, "ops": lit}},
        "root": {"type": "group", "children": [{"type": "tilegrid", "bitmap": "b", "shader": "p"}]}
    });
    frames(scene.to_string().as_bytes(), SMALL).unwrap().remove(0)
}

#[track_caller]
fn check_packing(display: Value, len: usize, lit: [(usize, u8); 3]) {
    let bytes = panel_bytes(display);
    let not_zero: Vec<_> =
        bytes.iter().copied().enumerate().filter(|&(_, byte)| byte > 0).collect();
    assert_eq!((bytes.len(), &not_zero[..]), (len, &lit[..]), "length and bytes that are lit");
}

/// The vectors of the reference for packed pixels.
#[test]
fn panels_under_8_bits_hold_packed_pixels() {
    let display = |depth: u8, share_row: bool, reverse: bool| {
        json!({"width": 16, "height": 16, "depth": depth, "grayscale": true,
               "share_row": share_row, "reverse_pixels": reverse})
    };
    check_packing(display(1, false, false), 32, [(0, 0x04), (1, 0x01), (25, 0x04)]);
    check_packing(display(1, true, false), 32, [(0, 0x02), (4, 0x01), (21, 0x02)]);
    check_packing(display(1, false, true), 32, [(0, 0x20), (1, 0x80), (25, 0x20)]);
    check_packing(display(1, true, true), 32, [(0, 0x40), (4, 0x80), (21, 0x40)]);
    check_packing(display(4, true, false), 128, [(0, 0xf0), (16, 0x0f), (84, 0xf0)]);
    check_packing(display(4, true, true), 128, [(0, 0x0f), (16, 0xf0), (84, 0x0f)]);
}

/// Such a panel has memory beyond what it shows.
#[test]
fn packed_panels_of_odd_sizes_are_whole_bytes() {
    let display = |share_row: bool| json!({"width": 13, "height": 11, "depth": 1, "grayscale": true, "share_row": share_row});
    check_packing(display(true), 2 * 11, [(0, 0x02), (4, 0x01), (21, 0x02)]);
    check_packing(display(false), 13 * 2, [(0, 0x04), (1, 0x01), (22, 0x04)]);
}

#[track_caller]
fn check_refused(pointer: &str, value: Value, at: &str) {
    match play_value(&with(pointer, value.clone())) {
        Err(PlayError::Refused { path, reason }) => {
            assert_eq!(path, at, "{pointer} = {value}: {reason}");
        }
        other => panic!("{pointer} = {value}: {other:?}"),
    }
}

#[test]
fn wrong_tables_are_refused_at_their_place() {
    check_refused("/schema", json!("displayio-scene/2"), "schema");
    check_refused("/display/width", json!(0), "display.width");
    check_refused("/display/height", json!(-1), "display.height");
    check_refused("/display/width", json!(1.5), "display.width");
    check_refused("/display/width", Value::Null, "display.width");
    check_refused("/display/rotation", json!(45), "display.rotation");
    check_refused("/display/depth", json!(5), "display.depth");
    check_refused("/display/share_row", json!(1), "display.share_row");
    check_refused("/palettes/p/colors", json!([]), "palettes.p.colors");
    check_refused("/palettes/p/colors/2", json!(0x100_0000), "palettes.p.colors[2]");
    check_refused("/palettes/p/transparent", json!([4]), "palettes.p.transparent[0]");
    check_refused("/converters/c/input", json!("CMYK"), "converters.c.input");
    check_refused("/converters/p", json!({}), "converters.p");
    check_refused("/bitmaps/b/size", json!([4]), "bitmaps.b.size");
    check_refused("/bitmaps/b/size/1", json!(65535), "bitmaps.b.size[1]");
    check_refused("/bitmaps/b/value_count", json!(0), "bitmaps.b.value_count");
    check_refused("/bitmaps/b/value_count", json!(65537), "bitmaps.b.value_count");
    check_refused("/bitmaps/b/value_count", json!(2), "bitmaps.b.pixels");
    check_refused("/bitmaps/b/pixels", json!("AAEC"), "bitmaps.b.pixels");
    check_refused("/bitmaps/b/pixels", json!("?"), "bitmaps.b.pixels");
    check_refused("/bitmaps/o/ops/0/1", json!(2), "bitmaps.o.ops[0][1]");
    check_refused("/bitmaps/o/ops/0/0", json!("flood"), "bitmaps.o.ops[0][0]");
    check_refused("/bitmaps/o/ops/1/1", json!(8), "bitmaps.o.ops[1][1]");
    check_refused("/bitmaps/o/ops/2/4", json!(9), "bitmaps.o.ops[2][4]");
    check_refused("/bitmaps/o/ops/5/2", json!([1]), "bitmaps.o.ops[5][2]");
    check_refused("/bitmaps/o/ops/7/1", json!(8), "bitmaps.o.ops[7][1]");
    check_refused("/bitmaps/o/ops/8/1", json!("w"), "bitmaps.o.ops[8][1]");
    check_refused("/bitmaps/o/ops/9/6", json!(9), "bitmaps.o.ops[9][6]");
    check_refused("/bitmaps/o/ops/10/2/angle", json!("right"), "bitmaps.o.ops[10][2].angle");
    check_refused("/bitmaps/o/ops/11/1", json!([1]), "bitmaps.o.ops[11][1]");
    check_refused("/bitmaps/m/ops/0/2", json!("b"), "bitmaps.m.ops[0][2]");
    check_refused("/bitmaps/m/ops/0/3", json!("L8"), "bitmaps.m.ops[0]");
    check_refused("/bitmaps/m/ops/1/3", json!("Stucki"), "bitmaps.m.ops[1][3]");
    check_refused("/bitmaps/b/bmp", json!("../secret.bmp"), "bitmaps.b.bmp");
}

#[test]
fn wrong_nodes_and_steps_are_refused_at_their_place() {
    let tiles = "/root/children/0";
    check_refused("/root/type", json!("tilegrid"), "root.bitmap");
    check_refused("/root/children/1/type", json!("star"), "root.children[1].type");
    check_refused("/root/children/1/scale", json!(0), "root.children[1].scale");
    check_refused(&format!("{tiles}/bitmap"), json!("x"), "root.children[0].bitmap");
    check_refused(&format!("{tiles}/shader"), json!("@b"), "root.children[0].shader");
    check_refused(&format!("{tiles}/x"), json!(40000), "root.children[0].x");
    check_refused(&format!("{tiles}/tile_width"), json!(3), "root.children[0].tile_width");
    check_refused(&format!("{tiles}/width"), json!(-1), "root.children[0].width");
    check_refused(&format!("{tiles}/tiles/2"), json!(4), "root.children[0].tiles[2]");
    check_refused(&format!("{tiles}/tiles"), json!([0, 0, 0, 0, 0]), "root.children[0].tiles");
    check_refused(&format!("{tiles}/hidden"), json!(0), "root.children[0].hidden");
    check_refused("/steps/0/0/0", json!("move"), "steps[0][0][0]");
    check_refused("/steps/0/0/1", json!("nobody"), "steps[0][0][1]");
    check_refused("/steps/0/0/2", json!("radius"), "steps[0][0][2]");
    check_refused("/steps/0/0/3", json!("5"), "steps[0][0][3]");
    check_refused("/steps/1/0/1", json!("nothing"), "steps[1][0][1]");
    check_refused("/steps/1/0/5", json!(4), "steps[1][0][5]");
    check_refused("/steps/1/1/1", json!("c"), "steps[1][1][1]");
    check_refused("/steps/1/1/2", json!(4), "steps[1][1][2]");
    check_refused("/steps/2/0/2", json!(2), "steps[2][0][2]");
    check_refused("/steps/2/0/4", json!(4), "steps[2][0][4]");
    check_refused(
        "/root/children/1/children/2/radius",
        json!(0),
        "root.children[1].children[2].radius",
    );
    check_refused(
        "/root/children/1/children/3/width",
        Value::Null,
        "root.children[1].children[3].width",
    );
    let points = "/root/children/1/children/4/points";
    check_refused(points, json!([[0, 0], [1, 1]]), "root.children[1].children[4].points");
    check_refused(&format!("{points}/1"), json!([1]), "root.children[1].children[4].points[1]");
    check_refused("/steps/5/0/2", json!("width"), "steps[5][0][2]");
    check_refused("/steps/5/7/3", json!("b2"), "steps[5][7][3]");
    check_refused("/steps/5/7/3", json!("w"), "steps[5][7][3]");
    check_refused("/steps/3/0/1", json!("t"), "steps[3][0][1]");
    check_refused("/steps/3/0/2", json!(3), "steps[3][0][2]");
    check_refused("/steps/6/0/2", json!(-4), "steps[6][0][2]");
    check_refused("/steps/6", json!({}), "steps[6]");
    check_refused("/steps/4/2/1", json!("u"), "steps[4][2][2]");
    check_refused("/steps/4/4/3", json!([0.5]), "steps[4][4][3]");
    check_refused(
        "/root/children/1/children/5/font",
        json!("g"),
        "root.children[1].children[5].font",
    );
    check_refused(
        "/root/children/1/children/5/color",
        json!(-1),
        "root.children[1].children[5].color",
    );
    let direction = "root.children[1].children[6].label_direction";
    check_refused("/root/children/1/children/6/label_direction", json!("TTB"), direction);
    check_refused("/fonts/f", json!({}), "fonts.f");
}

#[test]
fn what_is_missing_is_named() {
    let cases = [
        (
            "/display",
            json!({"width": 9, "height": 9, "depth": 4, "tricolor": 255}),
            "display.tricolor",
            0,
        ),
        ("/root/children/1/scale", json!(128), "root.children[1].scale", 0),
        ("/root/children/1/type", json!("shape"), "root.children[1].type", 0),
        ("/steps/3/1/2/type", json!("shape"), "steps[3][1][2].type", 4),
    ];
    for (pointer, value, at, frames) in cases {
        let text = with(pointer, value).to_string();
        let mut count = 0;
        let played = parse(text.as_bytes(), &Assets::default()).and_then(|scene| {
            play(&scene, SMALL, &mut |_| {
                count += 1;
                Ok(())
            })
        });
        match played {
            Err(PlayError::Unsupported { path, .. }) => assert_eq!((&*path, count), (at, frames)),
            other => panic!("{pointer}: {other:?}"),
        }
    }
}

#[test]
fn work_without_bound_is_not_begun() {
    let huge = with("/display", json!({"width": 32767, "height": 32767}));
    let endless = with("/steps", Value::Array(vec![json!([]); 2_000_000]));
    let line = json!(["draw_line", -32768, -32768, 32767, 32767, 1]);
    let toilsome = with("/bitmaps/o/ops", Value::Array(vec![line; 140_000]));
    for scene in [huge, endless, toilsome] {
        let error = play_value(&scene).unwrap_err();
        assert_eq!(error.exit_status(), 3, "{error}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(play_text(deep.as_bytes(), SMALL).unwrap_err().exit_status(), 2);
}

#[test]
fn any_heap_size_plays_or_says_what_is_missing() {
    let text = scene().to_string();
    let mut refused = 0;
    for heap_bytes in (0..2000).step_by(8) {
        match play_text(text.as_bytes(), SceneMemory { heap_bytes, ..SMALL }) {
            Ok(frames) => assert_eq!(frames, 8),
            Err(error) => {
                assert!(matches!(error, PlayError::Failed(_)), "{error}");
                refused += 1;
            }
        }
    }
    assert!((1..250).contains(&refused), "{refused} of 250 heaps were too small");
}

#[test]
fn buffers_and_heaps_that_cannot_be_are_failures() {
    let text = scene().to_string();
    for memory in [
        SceneMemory { buffer_bytes: 0, ..SMALL },
        SceneMemory { buffer_bytes: usize::MAX, ..SMALL },
        SceneMemory { heap_bytes: usize::MAX, ..SMALL },
    ] {
        let error = play_text(text.as_bytes(), memory).unwrap_err();
        assert_eq!(error.exit_status(), 1, "{memory:?}: {error}");
    }
}

fn run(directory: &TempDir, scene: &str, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_play"));
    command.current_dir(directory).arg(scene).args(more).output().unwrap()
}

#[track_caller]
fn check_status(output: &Output, status: i32, message: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{stderr}");
    assert!(stderr.contains(message), "{stderr}");
    assert_eq!(stderr.is_empty(), status == 0, "{stderr}");
}

fn write_scene(directory: &TempDir, name: &str, scene: &Value) {
    fs::write(directory.path().join(name), scene.to_string()).unwrap();
}

#[test]
fn the_program_writes_frames_and_a_report() {
    let directory = TempDir::new().unwrap();
    write_scene(&directory, "scene.json", &scene());
    check_status(&run(&directory, "scene.json", &["deep/out"]), 0, "");
    let out = directory.path().join("deep/out");
    for n in 0..8 {
        assert_eq!(fs::read(out.join(format!("frame_{n}.bin"))).unwrap().len(), 24 * 16 * 2);
        assert_eq!(fs::read(out.join(format!("frame_{n}.png"))).unwrap()[1..4], *b"PNG");
    }
    let report: Value =
        serde_json::from_slice(&fs::read(out.join("report.json")).unwrap()).unwrap();
    let first = &report["refreshes"][0];
    assert_eq!(report["panel"], json!([16, 24]), "a quarter turn");
    assert_eq!(first["areas"], json!([[0, 0, 16, 24]]));
    assert_eq!((&first["pixels"], &first["bytes"]), (&json!(384), &json!(768)));
    assert_eq!(report["refreshes"].as_array().unwrap().len(), 8);
}

#[test]
fn the_program_tells_errors_apart() {
    let directory = TempDir::new().unwrap();
    write_scene(&directory, "wrong.json", &with("/root/children/0/tile_width", json!(3)));
    write_scene(&directory, "text.json", &with("/root/children/1/type", json!("shape")));
    write_scene(&directory, "good.json", &scene());
    write_scene(&directory, "no_bmp.json", &with("/bitmaps/b", json!({"bmp": "no.bmp"})));
    fs::write(directory.path().join("file"), "").unwrap();
    let run = |scene: &str, more: &[&str]| run(&directory, scene, more);
    let at = "root.children[0].tile_width: 3 does not divide";
    check_status(&run("wrong.json", &["out"]), 2, at);
    check_status(&run("file", &["out"]), 2, "not JSON");
    check_status(&run("text.json", &["out"]), 3, "root.children[1].type: the node shape");
    check_status(&run("good.json", &["out", "--heap", "64"]), 1, "out of memory");
    check_status(&run("good.json", &["out", "--buffer", "1"]), 1, "buffer too small");
    check_status(&run("good.json", &["file"]), 1, "file");
    check_status(&run("no_bmp.json", &["out"]), 1, "no.bmp");
    check_status(&run("none.json", &["out"]), 1, "cannot read the scene");
    check_status(&run("good.json", &[]), 1, "a scene and a folder");
    check_status(&run("good.json", &["out", "more"]), 1, "a scene and a folder");
    check_status(&run("good.json", &["good.json", "--out", "out"]), 1, "two scenes are called");
    check_status(&run("good.json", &["out", "--heap-kind", "huge"]), 1, "--heap-kind");
    check_status(&run("good.json", &["out", "--heap", "lots"]), 1, "--heap");
}

#[test]
fn many_scenes_go_to_folders_of_their_names() {
    let directory = TempDir::new().unwrap();
    fs::create_dir(directory.path().join("scenes")).unwrap();
    write_scene(&directory, "scenes/first.json", &scene());
    write_scene(&directory, "wrong.json", &with("/display/width", json!(0)));
    write_scene(&directory, "text.json", &with("/root/children/1/type", json!("shape")));
    write_scene(&directory, "last.json", &scene());
    let all = ["wrong.json", "text.json", "last.json", "--out", "out", "--heap-kind", "compacting"];
    check_status(
        &run(&directory, "scenes/first.json", &all),
        3,
        "wrong.json: refused: display.width",
    );
    let out = directory.path().join("out");
    let frames =
        ["first", "last"].map(|name| fs::read(out.join(name).join("frame_7.bin")).unwrap());
    assert_eq!(frames[0], frames[1]);
    let report: Value =
        serde_json::from_slice(&fs::read(out.join("last/report.json")).unwrap()).unwrap();
    let bytes = |name: &str| report["heap"][name].as_u64().unwrap();
    assert!((100..=bytes("peak_bytes")).contains(&bytes("live_bytes")), "{report}");
    check_status(&run(&directory, "last.json", &["--out", "alone", "--heap-kind", "tlsf"]), 0, "");
}

#[test]
fn bmp_files_are_found_beside_the_scene_and_where_asked() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let scene = fs::read(corpus.join("scenes/odb_i8.json")).unwrap();
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("scene.json"), scene).unwrap();
    check_status(&run(&directory, "scene.json", &["out"]), 1, "i8.bmp");
    let assets = corpus.to_str().unwrap();
    check_status(&run(&directory, "scene.json", &["out", "--assets", assets]), 0, "");
    fs::create_dir(directory.path().join("bmp")).unwrap();
    fs::write(directory.path().join("bmp/i8.bmp"), "not a picture").unwrap();
    check_status(&run(&directory, "scene.json", &["out"]), 2, "bitmaps.b.bmp");
}

/// Values that a place in a scene may be replaced by.
fn evil_value() -> impl Strategy<Value = Value> {
    let names = [
        "", "b", "p", "t", "g", "y", "root", "group", "tilegrid", "circle", "polygon", "pop", "x",
        "scale", "points", "bitmap", "@b",
    ];
    prop_oneof![
        prop::sample::select(vec![-32769, -32768, -1, 0, 1, 2, 3, 7, 127, 128, 255, 256, 32767])
            .prop_map(Value::from),
        prop::sample::select(vec![65535_i64, 65536, 1 << 31, 1 << 32, i64::MAX, i64::MIN])
            .prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        prop::sample::select(names.to_vec()).prop_map(Value::from),
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[0, 0], [1, 1]])),
    ]
}

/// The `n`th value of a document, in the order of a walk; counts down.
fn nth<'v>(value: &'v mut Value, n: &mut usize) -> Option<&'v mut Value> {
    if *n == 0 {
        return Some(value);
    }
    *n -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, n)),
        Value::Object(fields) => fields.values_mut().find_map(|field| nth(field, n)),
        _ => None,
    }
}

fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(count).sum::<usize>(),
        _ => 1,
    }
}

/// Whatever comes of it, it comes as a status with a message.
fn check_any_text(text: &[u8]) {
    if let Err(error) = play_text(text, SMALL) {
        assert!(matches!(error.exit_status(), 1..=3), "{error}");
        assert!(!error.to_string().is_empty(), "no message");
    }
}

/// `PLAY_CASES=100000` looks longer.
fn cases() -> u32 {
    std::env::var("PLAY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400)
}

/// The same operations in a single step.
fn in_one_step(mut scene: Value) -> Value {
    if let Some(steps) = scene.pointer_mut("/steps").and_then(Value::as_array_mut) {
        let operations = steps.drain(..).flat_map(|step| match step {
            Value::Array(operations) => operations,
            _ => Vec::new(),
        });
        *steps = vec![operations.collect()];
    }
    scene
}

/// Neither the buffer nor what was refreshed in between changes the last picture.
fn check_last_frame(scene: Value) {
    let text = scene.to_string();
    let last = |text: &str, memory| frames(text.as_bytes(), memory).map(|mut frames| frames.pop());
    let Ok(expected) = last(&text, SMALL) else { return };
    let in_one = in_one_step(scene).to_string();
    let large = SceneMemory { buffer_bytes: 4096, ..SMALL };
    assert!(last(&text, large).as_ref() == Ok(&expected), "another buffer: {text}");
    assert!(last(&in_one, SMALL).as_ref() == Ok(&expected), "fewer refreshes: {text}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..<_>::default() })]

    #[test]
    fn no_value_in_any_place_makes_it_panic(
        edits in prop::collection::vec((any::<Index>(), evil_value()), 1..4),
    ) {
        let mut scene = scene();
        for (place, value) in edits {
            let mut n = place.index(count(&scene));
            if let Some(place) = nth(&mut scene, &mut n) {
                *place = value;
            }
        }
        check_any_text(scene.to_string().as_bytes());
        check_last_frame(scene);
    }

    #[test]
    fn no_bytes_in_any_place_make_it_panic(
        edits in prop::collection::vec((any::<Index>(), 0..3_u8, any::<u8>()), 1..6),
    ) {
        let mut text = scene().to_string().into_bytes();
        for (place, kind, byte) in edits {
            let at = place.index(text.len());
            match kind {
                0 => text[at] = byte,
                1 => text.insert(at, b"0123456789-[]{},:\""[usize::from(byte) % 18]),
                _ => _ = text.remove(at),
            }
        }
        check_any_text(&text);
    }
}
