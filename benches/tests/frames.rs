//! Every workload shows what the scene it stands for shows, whatever the strip buffer.

use core::{convert::Infallible, mem::MaybeUninit};

use displayio_allocators::LinkedListHeap;
use displayio_benches::{BenchError, Refresh, Workload};
use displayio_core::{Area, BlockingPanel, Panel, RefreshStats, Rgb565, Size};

/// CRC-32 of the frame after the measured refresh, row by row in panel space, two bytes per pixel, high byte first.
///
/// They were computed by a renderer that shares nothing with this one: a loop per pixel, in Python, over the reference
/// benchmark's scene files, which hold every pixel and colour. That renderer's picture of a scaled scene at 90 degrees
/// equals the one that CircuitPython made.
const FRAMES: [(Workload, u32); 13] = [
    (Workload::FullScreen, 0x01f4_1533),
    (Workload::Scaled, 0xc710_57e8),
    (Workload::OneBit, 0x7bd2_3be7),
    (Workload::Game, 0x80f2_45ad),
    (Workload::Labels, 0x44cc_c661),
    (Workload::BitmapLabels, 0x44cc_c661),
    (Workload::Shapes, 0x5ca0_de4e),
    (Workload::File8, 0x01f4_1533),
    (Workload::File24, 0x01f4_1533),
    (Workload::Rgb565, 0x9518_913c),
    (Workload::Rotated, 0x075c_f35f),
    (Workload::SpriteMoved, 0xce02_1662),
    (Workload::Unchanged, 0x80f2_45ad),
];

/// A panel that keeps its frame.
struct FramePanel {
    size: Size,
    frame: Vec<u8>,
    window: Area,
    sent_pixels: usize,
}

impl FramePanel {
    fn new(size: Size) -> Self {
        let frame = vec![0; 2 * usize::from(size.width) * usize::from(size.height)];
        Self { size, frame, window: Area::EMPTY, sent_pixels: 0 }
    }
}

impl Panel for FramePanel {
    type Format = Rgb565;
    type Error = Infallible;

    fn format(&self) -> Rgb565 {
        Rgb565
    }

    fn size(&self) -> Size {
        self.size
    }
}

impl BlockingPanel for FramePanel {
    fn begin_area(&mut self, area: Area) -> Result<(), Infallible> {
        (self.window, self.sent_pixels) = (area, 0);
        Ok(())
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), Infallible> {
        let width = usize::from(self.window.width());
        for pixel in pixels.chunks_exact(2) {
            let x = usize::from(self.window.x1.unsigned_abs()) + self.sent_pixels % width;
            let y = usize::from(self.window.y1.unsigned_abs()) + self.sent_pixels / width;
            let start = 2 * (y * usize::from(self.size.width) + x);
            self.frame[start..start + 2].copy_from_slice(pixel);
            self.sent_pixels += 1;
        }
        Ok(())
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let shift = |crc: u32, _| crc >> 1 ^ if crc & 1 == 0 { 0 } else { 0xedb8_8320 };
    !bytes.iter().fold(u32::MAX, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), shift))
}

fn show(workload: Workload, buffer_bytes: usize) -> Result<(u32, RefreshStats), BenchError> {
    let mut region = vec![MaybeUninit::uninit(); 240 * 1024];
    let heap = LinkedListHeap::new(&mut region);
    let mut panel = FramePanel::new(workload.panel_size());
    let mut buffer = vec![0; buffer_bytes];
    let stats = workload.run(&mut panel, &mut buffer, &heap, &mut Refresh)?;
    Ok((crc32(&panel.frame), stats))
}

#[test]
fn frames_equal_those_of_the_scene_files() -> Result<(), BenchError> {
    for (workload, crc) in FRAMES {
        for buffer_bytes in [647, 4103, 160] {
            let (shown, _) = show(workload, buffer_bytes)?;
            assert_eq!(shown, crc, "{} in strips of {buffer_bytes} bytes", workload.name());
        }
    }
    Ok(())
}

#[test]
fn refreshes_send_what_they_must_and_no_more() -> Result<(), BenchError> {
    for workload in Workload::ALL {
        let (_, stats) = show(workload, 647)?;
        let expected = match workload {
            Workload::SpriteMoved => 272,
            Workload::Unchanged => 0,
            _ => 320 * 240,
        };
        assert_eq!(stats.pixels, expected, "{}", workload.name());
    }
    Ok(())
}

#[test]
fn texts_and_many_nodes_send_what_they_must() -> Result<(), BenchError> {
    for workload in Workload::TEXTS.into_iter().chain(Workload::SCALE) {
        let (_, stats) = show(workload, 647)?;
        let is_expected = match workload {
            Workload::LabelChanged => stats.pixels == 6 * 12,
            // What differs between an 8 and a 9.
            Workload::BitmapLabelChanged => stats.pixels > 0 && stats.pixels < 6 * 12,
            Workload::LargeLabels | Workload::BdfLabels | Workload::PcfLabels => {
                stats.pixels == 320 * 240
            }
            Workload::PollValues | Workload::PollTuples | Workload::PollReferences => {
                stats.pixels == 0
            }
            Workload::Changed200 => stats.pixels > 320 * 100,
            _ => stats.pixels == 17 * 16,
        };
        assert!(is_expected, "{}: {stats:?}", workload.name());
    }
    Ok(())
}

#[test]
fn fonts_in_files_show_the_same_text() -> Result<(), BenchError> {
    let (bdf, _) = show(Workload::BdfLabels, 647)?;
    assert_eq!(show(Workload::PcfLabels, 1280)?.0, bdf);
    Ok(())
}

#[test]
fn crc_is_the_usual_one() {
    assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
}
