//! The showcase as a program of few bytes: nothing is allocated while it plays, and nothing ever panics.

use core::error::Error;
use std::{io::ErrorKind, path::PathBuf};

use displayio_core::{
    Anchor, Area, Display, FONT_6X12, Gray4, Group, Label, Mono, Rgb565, Rotation, Size,
};
use displayio_examples::showcase::{
    Options, Phase, Program, ShowcaseError, play, record::Recorder,
};
use displayio_hal::{framebuffer::Framebuffer, preview::Preview};

/// What the panel holds after each frame.
fn pictures<C: Preview>(options: &Options) -> Result<Vec<Vec<u8>>, ShowcaseError> {
    let mut pictures = Vec::new();
    play::<C>(options, |frame| {
        pictures.push(frame.panel.memory().to_vec());
        Ok(())
    })?;
    Ok(pictures)
}

fn are_disjoint(areas: &[Area]) -> bool {
    areas.iter().enumerate().all(|(i, area)| !areas[..i].iter().any(|other| other.overlaps(area)))
}

#[test]
fn nothing_is_allocated_while_it_plays() {
    let mut allocations = None;
    let report = play::<Rgb565>(&Options::default(), |frame| {
        assert_eq!(*allocations.get_or_insert(frame.heap.allocations), frame.heap.allocations);
        assert!(frame.heap.peak_bytes < 16 * 1024, "{} bytes", frame.heap.peak_bytes);
        Ok(())
    })
    .unwrap();
    assert_eq!(report.of_phase(Phase::First).pixels, 320 * 240);
    assert_eq!(report.of_phase(Phase::Still).pixels, 0);
    assert_eq!(report.total().frames, 120);
}

#[test]
fn no_pixel_is_sent_twice() {
    for rotation in [Rotation::Deg0, Rotation::Deg270] {
        let options = Options { frames: 60, rotation, ..Options::default() };
        play::<Rgb565>(&options, |frame| {
            assert!(are_disjoint(frame.panel.windows()), "frame {}", frame.number);
            Ok(())
        })
        .unwrap();
    }
}

/// The panel after a frame, reached through all frames before it, against a new scene and one full refresh.
fn check_replay<C: Preview>(options: &Options) -> Result<(), ShowcaseError> {
    for (number, picture) in (0..).zip(pictures::<C>(options)?).step_by(9) {
        let mut fresh = None;
        // The first frame is enough: the error ends the show.
        let at_once = Options { first_frame: number, ..options.clone() };
        let ended = play::<C>(&at_once, |frame| {
            fresh = Some(frame.panel.memory().to_vec());
            Err(ErrorKind::Interrupted.into())
        });
        assert!(matches!(ended, Err(ShowcaseError::Watch(_))), "{ended:?}");
        assert!(fresh == Some(picture), "frame {number} of {options:?}");
    }
    Ok(())
}

#[test]
fn a_redrawn_frame_equals_a_fresh_one() {
    let show = |frames, rotation| Options { frames, rotation, ..Options::default() };
    check_replay::<Rgb565>(&show(50, Rotation::Deg0)).unwrap();
    check_replay::<Gray4>(&show(20, Rotation::Deg90)).unwrap();
    check_replay::<Mono>(&show(20, Rotation::Deg180)).unwrap();
    check_replay::<Rgb565>(&Options { program: Program::Poster, ..show(10, Rotation::Deg270) })
        .unwrap();
}

#[test]
fn the_size_of_the_buffer_changes_no_pixel() {
    let with_buffer = |buffer_bytes| Options { frames: 3, buffer_bytes, ..Options::default() };
    let expected = pictures::<Rgb565>(&with_buffer(4096)).unwrap();
    for buffer_bytes in [14, 641, 20_000] {
        let given = pictures::<Rgb565>(&with_buffer(buffer_bytes)).unwrap();
        assert!(given == expected, "a buffer of {buffer_bytes} bytes");
    }
}

/// The white pixels at the lower right, where the distance is.
fn distance(panel: &Framebuffer<Rgb565>) -> Vec<(u16, u16)> {
    let around = (225..237).flat_map(|y| (270..320).map(move |x| (x, y)));
    around.filter(|&(x, y)| panel.color(x, y).value() == 0xff_ffff).collect()
}

/// The same of a panel that shows nothing else.
fn distance_alone(text: &str) -> Result<Vec<(u16, u16)>, Box<dyn Error>> {
    let (mut glyphs, mut strip) = ([0; Label::required_bytes(8)], [0; 640]);
    let label = Label::from_buffer(&FONT_6X12, &mut glyphs).anchored(Anchor::RIGHT, 312, 231);
    label.set_text(text)?;
    let panel = Framebuffer::new(Size::new(320, 240), Rgb565);
    let mut display = Display::new(panel, &mut strip);
    display.refresh(&Group::new((label,)))?;
    Ok(distance(display.panel()))
}

#[test]
fn it_tells_how_far_the_hero_has_run() {
    play::<Rgb565>(&Options::default(), |frame| {
        // 4 pixels a frame while the ground scrolls, up to frame 56; 16 pixels are a metre.
        let metres = frame.number.min(56) / 4;
        let expected = distance_alone(&format!("{metres} m")).unwrap();
        assert!(distance(frame.panel) == expected, "frame {}: {metres} m", frame.number);
        Ok(())
    })
    .unwrap();
}

/// 0 to 64, and around every power of two up to 128 KiB.
fn sizes() -> impl Iterator<Item = usize> {
    let around =
        |shift: u32| [-1, 0, 1].map(|offset| (1_usize << shift).saturating_add_signed(offset));
    (0..=64).chain((7..=17).flat_map(around))
}

#[test]
fn any_heap_plays_or_reports_exhaustion() {
    for heap_bytes in sizes() {
        let options = Options { frames: 1, heap_bytes, ..Options::default() };
        match play::<Rgb565>(&options, |_| Ok(())) {
            Ok(_) => assert!(heap_bytes > 8192, "in {heap_bytes} bytes"),
            Err(ShowcaseError::OutOfMemory(error)) => {
                assert!(heap_bytes < 16_384, "{heap_bytes} bytes: {error}");
            }
            Err(error) => panic!("heap of {heap_bytes}: {error}"),
        }
    }
}

#[test]
fn any_buffer_plays_or_is_refused() {
    for buffer_bytes in sizes() {
        let options = Options { frames: 1, buffer_bytes, ..Options::default() };
        match play::<Rgb565>(&options, |_| Ok(())) {
            Ok(_) => assert!(buffer_bytes >= 2, "in {buffer_bytes} bytes"),
            Err(ShowcaseError::OutOfMemory(error)) => {
                assert!(buffer_bytes > 32_768, "{buffer_bytes} bytes: {error}");
            }
            Err(ShowcaseError::Refresh(error)) => {
                assert!(buffer_bytes < 8, "{buffer_bytes} bytes: {error}");
            }
            Err(error) => panic!("buffer of {buffer_bytes}: {error}"),
        }
    }
}

#[test]
fn a_missing_photo_is_named() {
    let options = Options { photo: PathBuf::from("no/such/photo.bmp"), ..Options::default() };
    let error = play::<Rgb565>(&options, |_| Ok(())).unwrap_err();
    assert!(error.to_string().starts_with("photo no/such/photo.bmp: "), "{error}");
}

#[test]
fn a_file_that_is_no_picture_is_named() {
    let photo = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    let error = play::<Rgb565>(&Options { photo, ..Options::default() }, |_| Ok(())).unwrap_err();
    assert!(error.to_string().contains("Cargo.toml: "), "{error}");
}

#[test]
fn frames_and_animation_are_written() {
    let directory = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(directory.path(), 1, 50).unwrap();
    let options = Options { frames: 2, program: Program::Poster, ..Options::default() };
    play::<Rgb565>(&options, |frame| recorder.add(frame.number, frame.panel)).unwrap();
    let animation = recorder.finish().unwrap();
    let file = std::io::BufReader::new(std::fs::File::open(animation).unwrap());
    let reader = png::Decoder::new(file).read_info().unwrap();
    assert_eq!(reader.info().size(), (320, 240));
    assert_eq!(reader.info().animation_control().map(|control| control.num_frames), Some(2));
    assert!(directory.path().join("frame_001.png").exists(), "the second frame");
}
