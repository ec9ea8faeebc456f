//! Pictures on an SD card and in a flash chip, against the same file in memory.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up fails")]
#![expect(clippy::std_instead_of_alloc, reason = "a test has std")]

use core::{
    cell::{Cell, RefCell},
    fmt,
};
use std::{
    io::{Cursor, Write},
    rc::Rc,
};

use displayio_core::{
    ColorConverter, Colorspace, Display, Group, OnDiskBitmap, Rgb565, Size, SliceFile, TileGrid,
};
use displayio_hal::{
    framebuffer::Framebuffer,
    storage::{StorageError, StorageFile, Unaligned},
};
use embedded_io::{Error as _, ErrorKind, Read, Seek, SeekFrom};
use embedded_sdmmc::{
    Block, BlockCount, BlockDevice, BlockIdx, Mode, TimeSource, Timestamp, VolumeIdx, VolumeManager,
};
use embedded_storage::{
    ReadStorage,
    nor_flash::{self, NorFlashErrorKind, ReadNorFlash},
};

const SIZE: Size = Size::new(96, 70);
const BLOCK: usize = 512;
/// Where the partition begins, and its length.
const PARTITION: (u32, u32) = (8, 40_000);

/// A BMP file of 24 bits, rows upwards.
fn photo() -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    let row = usize::from(SIZE.width) * 3;
    let len = 54 + row * usize::from(SIZE.height);
    let words: [u32; 13] = [
        u32::try_from(len).unwrap(),
        0,
        54,
        40,
        SIZE.width.into(),
        SIZE.height.into(),
        24 << 16 | 1,
        0,
        0,
        0,
        0,
        0,
        0,
    ];
    words.iter().for_each(|word| bytes.extend(word.to_le_bytes()));
    let pixels = (0..SIZE.height).flat_map(|y| (0..SIZE.width).map(move |x| (x, y)));
    bytes.extend(pixels.flat_map(|(x, y)| {
        [x * 2, y * 3, (x * y) >> 5].map(|channel| u8::try_from(channel & 0xff).unwrap())
    }));
    assert_eq!(bytes.len(), len, "as the header has it");
    bytes
}

/// The card was pulled.
#[derive(Debug, PartialEq, Eq)]
struct Pulled;

impl fmt::Display for Pulled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("pulled")
    }
}

impl core::error::Error for Pulled {}

/// A card with a FAT file system that has one file, and how many blocks were read of it.
struct Card {
    bytes: RefCell<Vec<u8>>,
    reads: Cell<u32>,
    is_pulled: Cell<bool>,
}

impl Card {
    fn with_file(name: &str, contents: &[u8]) -> Self {
        let mut volume = Cursor::new(vec![0; usize::try_from(PARTITION.1).unwrap() * BLOCK]);
        let clusters = fatfs::FormatVolumeOptions::new().bytes_per_cluster(4096);
        fatfs::format_volume(&mut volume, clusters.fat_type(fatfs::FatType::Fat16)).unwrap();
        let files = fatfs::FileSystem::new(&mut volume, fatfs::FsOptions::new()).unwrap();
        files.root_dir().create_file(name).unwrap().write_all(contents).unwrap();
        files.unmount().unwrap();
        let mut bytes = vec![0; usize::try_from(PARTITION.0).unwrap() * BLOCK];
        // A partition of FAT16, and the mark of a table of them.
        bytes[446 + 4] = 0x06;
        bytes[446 + 8..446 + 12].copy_from_slice(&PARTITION.0.to_le_bytes());
        bytes[446 + 12..446 + 16].copy_from_slice(&PARTITION.1.to_le_bytes());
        bytes[510..512].copy_from_slice(&[0x55, 0xaa]);
        bytes.extend(volume.into_inner());
        Self { bytes: RefCell::new(bytes), reads: Cell::new(0), is_pulled: Cell::new(false) }
    }
}

impl BlockDevice for &Card {
    type Error = Pulled;

    fn read(&self, blocks: &mut [Block], start: BlockIdx) -> Result<(), Pulled> {
        if self.is_pulled.get() {
            return Err(Pulled);
        }
        let bytes = self.bytes.borrow();
        let from = bytes.chunks_exact(BLOCK).skip(usize::try_from(start.0).unwrap());
        for (block, bytes) in blocks.iter_mut().zip(from) {
            block.contents.copy_from_slice(bytes);
            self.reads.set(self.reads.get() + 1);
        }
        Ok(())
    }

    fn write(&self, _: &[Block], _: BlockIdx) -> Result<(), Pulled> {
        Err(Pulled)
    }

    fn num_blocks(&self) -> Result<BlockCount, Pulled> {
        Ok(BlockCount(PARTITION.0 + PARTITION.1))
    }
}

struct Clock;

impl TimeSource for Clock {
    fn get_timestamp(&self) -> Timestamp {
        Timestamp {
            year_since_1970: 56,
            zero_indexed_month: 0,
            zero_indexed_day: 0,
            hours: 0,
            minutes: 0,
            seconds: 0,
        }
    }
}

/// A chip that reads anywhere.
struct Flash(Vec<u8>);

impl ReadStorage for Flash {
    type Error = ErrorKind;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), ErrorKind> {
        let start = usize::try_from(offset).unwrap();
        let from = self.0.get(start..start + bytes.len()).ok_or(ErrorKind::InvalidInput)?;
        bytes.copy_from_slice(from);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.0.len()
    }
}

/// What a panel holds after a refresh that shows the picture, and after another.
fn shown<F: Read + Seek>(photo: &OnDiskBitmap<'_, F>, between: impl Fn()) -> [Vec<u8>; 2] {
    let colors = ColorConverter::new(Colorspace::Rgb888);
    let grid = TileGrid::new(photo, &colors);
    let (mut buffer, root) = ([0; 96 * 2 * 8], Group::new((&grid,)));
    let mut display = Display::new(Framebuffer::new(SIZE, Rgb565), &mut buffer);
    [(); 2].map(|()| {
        display.refresh(&root).unwrap();
        between();
        display.panel().memory().to_vec()
    })
}

fn expected(file: &[u8]) -> Vec<u8> {
    let mut row_buffer = [0; 2048];
    let photo = OnDiskBitmap::from_buffer(SliceFile::new(file), &mut row_buffer).unwrap();
    let [picture, _] = shown(&photo, || {});
    assert!(picture.iter().collect::<std::collections::HashSet<_>>().len() > 100, "it has colours");
    picture
}

/// A buffer of a row, and one of seven.
#[test]
fn a_picture_on_a_card_is_read_block_by_block() {
    let file = photo();
    let card = Card::with_file("PHOTO.BMP", &file);
    let manager = VolumeManager::new(&card, Clock);
    let volume = manager.open_volume(VolumeIdx(0)).unwrap();
    let root = volume.open_root_dir().unwrap();
    let blocks = u32::try_from(file.len().div_ceil(BLOCK)).unwrap();
    for (buffer_bytes, most_reads) in [(288, 3 * blocks), (288 * 7, blocks * 3 / 2)] {
        let opened = root.open_file_in_dir("PHOTO.BMP", Mode::ReadOnly).unwrap();
        let mut row_buffer = vec![0; buffer_bytes];
        let photo = OnDiskBitmap::from_buffer(opened, &mut row_buffer).unwrap();
        card.reads.set(0);
        let [picture, again] = shown(&photo, || {});
        assert!(picture == expected(&file) && again == picture, "{buffer_bytes}");
        assert_eq!(photo.take_error(), None);
        assert!(card.reads.get() <= most_reads, "{} reads of {blocks}", card.reads.get());
    }
}

#[test]
fn a_card_that_was_pulled_is_told_and_shown_once_it_is_back() {
    let file = photo();
    let card = Card::with_file("PHOTO.BMP", &file);
    let manager = VolumeManager::new(&card, Clock);
    let volume = manager.open_volume(VolumeIdx(0)).unwrap();
    let root = volume.open_root_dir().unwrap();
    let opened = root.open_file_in_dir("PHOTO.BMP", Mode::ReadOnly).unwrap();
    let mut row_buffer = [0; 512];
    let photo = OnDiskBitmap::from_buffer(opened, &mut row_buffer).unwrap();
    card.is_pulled.set(true);
    let [missing, back] = shown(&photo, || {
        assert_eq!(photo.take_error().is_some(), card.is_pulled.get());
        card.is_pulled.set(false);
    });
    assert!(missing != back && back == expected(&file));
}

/// A chip that reads words of `N` bytes, until it fails.
struct Words<const N: usize>(Vec<u8>, Rc<Cell<bool>>);

impl<const N: usize> nor_flash::ErrorType for Words<N> {
    type Error = NorFlashErrorKind;
}

impl<const N: usize> ReadNorFlash for Words<N> {
    const READ_SIZE: usize = N;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        let start = usize::try_from(offset).unwrap();
        if !start.is_multiple_of(N) || !bytes.len().is_multiple_of(N) {
            return Err(NorFlashErrorKind::NotAligned);
        }
        if self.1.get() {
            return Err(NorFlashErrorKind::Other);
        }
        let from = self.0.get(start..start + bytes.len()).ok_or(NorFlashErrorKind::OutOfBounds)?;
        bytes.copy_from_slice(from);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.0.len()
    }
}

#[test]
fn words_are_read_from_any_byte_on() {
    fn check<const N: usize>() {
        let bytes: Vec<u8> = (0..64).collect();
        for (start, end) in (0..64).flat_map(|start| (start..=64).map(move |end| (start, end))) {
            let mut flash = Unaligned(Words::<N>(bytes.clone(), Rc::default()));
            let mut read = vec![0xff; end - start];
            flash.read(u32::try_from(start).unwrap(), &mut read).unwrap();
            assert_eq!(read, bytes[start..end], "{start} to {end} in words of {N}");
        }
    }
    check::<1>();
    check::<4>();
    check::<16>();
}

#[test]
fn a_read_that_fails_is_told_and_moves_nothing() {
    let fails = Rc::new(Cell::new(true));
    let flash = Unaligned(Words::<4>((0..64).collect(), fails.clone()));
    let mut file = StorageFile::new(flash, 3..60);
    file.seek(SeekFrom::Start(7)).unwrap();
    let error = file.read(&mut [0; 9]).unwrap_err();
    assert_eq!(error, StorageError::Storage(NorFlashErrorKind::Other));
    fails.set(false);
    let mut bytes = [0; 9];
    assert_eq!(file.read(&mut bytes), Ok(9));
    assert!(bytes.iter().copied().eq(10..19), "{bytes:?}");
}

#[test]
fn a_picture_in_a_flash_chip_is_a_range_of_it() {
    let file = photo();
    let mut chip = vec![0xff; 3 << 10];
    chip.extend(&file);
    let end = u32::try_from(chip.len()).unwrap();
    chip.extend([0xff; 999]);
    let mut row_buffer = [0; 512];
    let range = 3 << 10..end;
    let photo =
        OnDiskBitmap::from_buffer(StorageFile::new(Flash(chip), range), &mut row_buffer).unwrap();
    let [picture, _] = shown(&photo, || {});
    assert!(picture == expected(&file));
}

#[test]
fn a_file_ends_where_its_range_or_the_storage_does() {
    let bytes: Vec<u8> = (0..100).collect();
    let read = |range: core::ops::Range<u32>, seek: SeekFrom| {
        let mut file = StorageFile::new(Flash(bytes.clone()), range);
        let mut buffer = [0; 8];
        let at = file.seek(seek)?;
        let count = file.read(&mut buffer)?;
        Ok::<_, StorageError<_>>((at, buffer[..count].to_vec()))
    };
    assert_eq!(read(10..20, SeekFrom::Start(3)), Ok((3, (13..20).collect())));
    assert_eq!(read(10..30, SeekFrom::Start(3)), Ok((3, (13..21).collect())));
    assert_eq!(read(10..20, SeekFrom::End(-2)), Ok((8, vec![18, 19])));
    assert_eq!(read(10..20, SeekFrom::Current(10)), Ok((10, vec![])));
    assert_eq!(read(10..20, SeekFrom::Start(u32::MAX.into())), Ok((u32::MAX.into(), vec![])));
    assert_eq!(read(95..200, SeekFrom::Start(0)), Ok((0, (95..100).collect())));
    assert_eq!(read(200..300, SeekFrom::Start(0)), Ok((0, vec![])));
    for bad in [SeekFrom::Current(-1), SeekFrom::Start(1 << 32), SeekFrom::Start(u64::MAX)] {
        let error = read(10..20, bad).unwrap_err();
        assert_eq!((error, error.kind()), (StorageError::BadSeek, ErrorKind::InvalidInput));
    }
    assert_eq!(StorageError::Storage(ErrorKind::Other).to_string(), "storage: Other");
}
