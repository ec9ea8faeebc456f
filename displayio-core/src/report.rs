//! Where a scene's memory went, object by object; on a board, too.

use core::fmt::{self, Write as _};

use displayio_allocators::{Purpose, StorageKind};
use heapless::Vec;

use crate::Layer;

/// An object, as it describes itself to a [`MemoryReport`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Part {
    /// What it is.
    pub what: Purpose,
    /// Where it is: shared objects are counted once, and objects inside others not at all.
    pub address: usize,
    /// Its own size.
    pub object_bytes: usize,
    /// Its pixels, colours or indices.
    pub data_bytes: usize,
    /// Where those are; `None` where there are none.
    pub data_kind: Option<StorageKind>,
}

impl Part {
    /// `object` without data.
    pub fn of<T>(object: &T, what: Purpose) -> Self {
        let address = core::ptr::from_ref(object).addr();
        Self { what, address, object_bytes: size_of::<T>(), data_bytes: 0, data_kind: None }
    }

    /// With data of this size in this kind of memory.
    #[must_use]
    pub const fn with_data(self, data_bytes: usize, kind: StorageKind) -> Self {
        Self { data_bytes, data_kind: Some(kind), ..self }
    }
}

/// The objects of a scene, at most `N` of them, with the memory they take.
///
/// Its `Display` is a table; with `{:#}` one line. It needs no heap: 32 bytes per object on a 32-bit target.
///
/// ```
/// use displayio_core::{Bitmap, Depth, Group, MemoryReport, Palette, Rgb565, TileGrid};
/// let (mut pixels, mut colors) = ([0; 128], [0; 36]);
/// let sheet = Bitmap::from_buffer(16, 16, Depth::Bpp4, &mut pixels)?;
/// let palette = Palette::<Rgb565>::from_buffer(16, &mut colors)?;
/// let (left, right) = (TileGrid::new(&sheet, &palette), TileGrid::new(&sheet, &palette).at(20, 0));
/// let report = MemoryReport::<8>::of(&Group::new((&left, &right)));
/// assert_eq!(report.parts().len(), 5, "the shared ones count once");
/// assert_eq!(report.data_bytes(), 128 + 34);
/// # Ok::<(), displayio_core::TooSmall>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct MemoryReport<const N: usize> {
    parts: Vec<Part, N>,
    left_out: usize,
}

impl<const N: usize> MemoryReport<N> {
    /// Walks a scene.
    pub fn of(root: &(impl Layer + ?Sized)) -> Self {
        let mut report = Self { parts: Vec::new(), left_out: 0 };
        root.describe(&mut |part| report.add(part));
        report
    }

    fn add(&mut self, mut part: Part) {
        if self.parts.iter().any(|other| (other.address, other.what) == (part.address, part.what)) {
            return;
        }
        let holds = |outer: &Part| part.address.wrapping_sub(outer.address) < outer.object_bytes;
        if self.parts.iter().any(holds) {
            part.object_bytes = 0;
        }
        if self.parts.push(part).is_err() {
            self.left_out += 1;
        }
    }

    /// The objects, each before what it shows.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// How many objects there was no room for. One that is shown several times counts each time.
    #[must_use]
    pub const fn left_out(&self) -> usize {
        self.left_out
    }

    /// Bytes of all objects.
    #[must_use]
    pub fn object_bytes(&self) -> usize {
        self.parts.iter().map(|part| part.object_bytes).sum()
    }

    /// Bytes of all pixels, colours and indices.
    #[must_use]
    pub fn data_bytes(&self) -> usize {
        self.parts.iter().map(|part| part.data_bytes).sum()
    }

    /// Bytes of those in one kind of memory.
    #[must_use]
    pub fn data_bytes_in(&self, kind: StorageKind) -> usize {
        let parts = self.parts.iter().filter(|part| part.data_kind == Some(kind));
        parts.map(|part| part.data_bytes).sum()
    }
}

const KINDS: [(StorageKind, &str); 4] = [
    (StorageKind::Movable, "movable"),
    (StorageKind::Fixed, "fixed"),
    (StorageKind::Lent, "lent"),
    (StorageKind::ReadOnly, "flash"),
];

fn name(kind: Option<StorageKind>) -> &'static str {
    KINDS.iter().find(|(other, _)| Some(*other) == kind).map_or("", |(_, name)| name)
}

/// Width of the column of names; longer ones shift their line.
const NAME_WIDTH: usize = 26;

/// Counts what is written: a name is padded by what it lacks, since only strings are padded by `fmt`.
struct Counted<'f, W> {
    to: &'f mut W,
    chars: usize,
}

impl<W: fmt::Write> fmt::Write for Counted<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.chars += text.chars().count();
        self.to.write_str(text)
    }
}

impl<const N: usize> fmt::Display for MemoryReport<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !f.alternate() {
            writeln!(f, "{:<NAME_WIDTH$} {:>7} {:>8}", "what", "object", "data")?;
            for Part { what, object_bytes, data_bytes, data_kind, .. } in &self.parts {
                let mut counted = Counted { to: f, chars: 0 };
                write!(counted, "{what}")?;
                let rest = NAME_WIDTH.saturating_sub(counted.chars);
                let kind = name(*data_kind);
                writeln!(f, "{:rest$} {object_bytes:>7} {data_bytes:>8} {kind}", "")?;
            }
        }
        write!(
            f,
            "{} objects: {} bytes, data {}",
            self.parts.len(),
            self.object_bytes(),
            self.data_bytes()
        )?;
        for (kind, name) in KINDS {
            match self.data_bytes_in(kind) {
                0 => {}
                bytes => write!(f, ", {bytes} {name}")?,
            }
        }
        if self.left_out > 0 {
            write!(f, "; {} objects left out", self.left_out)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use core::mem::MaybeUninit;

    use displayio_allocators::LinkedListHeap;

    use super::*;
    use crate::{
        Area, Bitmap, Damage, Depth, Group, Image, Palette, PaletteRgb, Place, Rgb565, TileGrid,
        TileMap,
    };

    extern crate alloc;
    use alloc::string::ToString;

    static ICON: Image = Image::new(8, 1, Depth::Bpp1, &[0; 4]);

    #[test]
    fn every_object_is_named_once_with_its_memory() {
        let mut region = [MaybeUninit::uninit(); 4096];
        let heap = LinkedListHeap::new(&mut region);
        let mut lent = [0; 300];
        let tiles = TileMap::from_buffer(20, 15, &mut lent).unwrap();
        let sheet = Bitmap::new_in(64, 64, Depth::Bpp4, &heap).unwrap();
        let palette = Palette::<Rgb565>::new_in(16, &heap).unwrap();
        let owned = TileGrid::new(&ICON, PaletteRgb::new_in(2, &heap).unwrap());
        let root = Group::new((TileGrid::new(&sheet, &palette).with_map(tiles), &owned, &owned));
        let report = MemoryReport::<16>::of(&root);
        let text = report.to_string();
        for line in
            ["64x64x4 bitmap", "palette of 16", "20x15 tile map", "8x1x1 bitmap", "palette of 2"]
        {
            assert_eq!(text.matches(line).count(), 1, "{line} in {text}");
        }
        let objects =
            size_of_val(&root) + size_of_val(&sheet) + size_of_val(&palette) + size_of_val(&owned);
        assert_eq!(
            report.object_bytes(),
            objects + size_of::<Image>(),
            "what lies inside counts once: {text}"
        );
        assert_eq!(
            [StorageKind::Fixed, StorageKind::Lent, StorageKind::ReadOnly]
                .map(|kind| report.data_bytes_in(kind)),
            [2048 + 34 + 9, 300, 4]
        );
        assert!(MemoryReport::<2>::of(&root).to_string().ends_with("left out"), "too small");
        assert_eq!(alloc::format!("{report:#}").lines().count(), 1);
    }
    /// A node with a part of its own.
    struct Custom(Part);

    impl Layer for Custom {
        fn collect(&self, _: &Place, _: &mut Damage) {}

        fn shown(&self) -> Area {
            Area::EMPTY
        }

        fn forget(&self) {}

        fn describe(&self, report: &mut dyn FnMut(Part)) {
            report(self.0);
        }
    }

    #[test]
    fn names_of_any_length_and_any_addresses_are_told() {
        let part = |name, address| Part {
            what: Purpose::Named(name),
            address,
            object_bytes: 12,
            data_bytes: 3,
            data_kind: Some(StorageKind::Lent),
        };
        let root = Group::new((
            Custom(part("a speedometer with a needle", usize::MAX)),
            Custom(part("eine Größe", usize::MAX - 20)),
        ));
        let report = MemoryReport::<3>::of(&root);
        let text = report.to_string();
        let lines: Vec<_, 8> = text.lines().skip(2).collect();
        assert_eq!(
            lines[..2],
            [
                "a speedometer with a needle      12        3 lent",
                "eine Größe                      12        3 lent"
            ]
        );
        assert_eq!(report.object_bytes(), size_of_val(&root) + 24);
    }
}
