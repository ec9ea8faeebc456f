//! Scenes in JSON: whatever the text, it is refused or played, in the memory that it was given.

use displayio_examples::scene::{Assets, HeapKind, SceneMemory, parse, play};

/// Small, so that allocations fail, too.
const MEMORY: SceneMemory =
    SceneMemory { buffer_bytes: 200, heap_bytes: 8 << 10, heap_kind: HeapKind::Compacting };

/// Scenes with more work are parsed, but not played. A circle counts as 2^22.
const MAX_WORK_PIXELS: u64 = 1 << 25;

/// Nor are those that paint more: twenty panels of 160x128.
const MAX_PICTURE_PIXELS: usize = 400 << 10;

/// Plays a scene without files.
pub fn run(text: &[u8]) {
    let Ok(scene) = parse(text, &Assets::default()) else { return };
    let panel = scene.display.panel_size();
    let panel_pixels = usize::from(panel.width) * usize::from(panel.height);
    if panel_pixels.saturating_mul(scene.refresh_count()) > MAX_PICTURE_PIXELS
        || scene.work_pixels() > MAX_WORK_PIXELS
    {
        return;
    }
    let mut frames = 0;
    let played = play(&scene, MEMORY, &mut |frame| {
        assert_eq!(frame.index, frames, "frames come in order");
        assert_eq!(frame.panel_size, panel, "the panel stays as it is");
        frames += 1;
        Ok(())
    });
    assert!(played.is_err() || frames == scene.refresh_count(), "a frame is missing");
}
