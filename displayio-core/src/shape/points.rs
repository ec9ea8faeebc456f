//! Where the corners of a polygon live.

use core::{cell::Cell, fmt};

use displayio_allocators::{Busy, Home, OutOfMemory, Purpose, Storage};

use crate::Part;

/// Corners, open for reading.
#[derive(Debug, Clone, Copy)]
pub enum PointsView<'v> {
    /// As they are.
    Pairs(&'v [(i16, i16)]),
    /// Four bytes each: x, then y, the low byte first.
    Bytes(&'v [[u8; 4]]),
}

impl PointsView<'_> {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Pairs(points) => points.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A corner: x and y.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Option<(i16, i16)> {
        match self {
            Self::Pairs(points) => points.get(index).copied(),
            Self::Bytes(bytes) => bytes.get(index).map(|corner| (corner.x(), corner.y())),
        }
    }

    /// All corners in order.
    pub fn iter(&self) -> impl Iterator<Item = (i16, i16)> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

/// A corner of either kind.
pub(super) trait Corner {
    /// Its column.
    fn x(&self) -> i16;
    /// Its row.
    fn y(&self) -> i16;
}

impl Corner for (i16, i16) {
    #[inline]
    fn x(&self) -> i16 {
        self.0
    }

    #[inline]
    fn y(&self) -> i16 {
        self.1
    }
}

impl Corner for [u8; 4] {
    #[inline]
    fn x(&self) -> i16 {
        let [low, high, _, _] = *self;
        i16::from_le_bytes([low, high])
    }

    #[inline]
    fn y(&self) -> i16 {
        let [_, _, low, high] = *self;
        i16::from_le_bytes([low, high])
    }
}

/// Where a polygon's corners live: an array, a slice, or a [`PointList`].
pub trait Points {
    /// Shows the corners to `f`; `None` while they cannot be read.
    fn view<R>(&self, f: impl FnOnce(PointsView<'_>) -> R) -> Option<R>;

    /// Describes itself to a [`MemoryReport`](crate::MemoryReport).
    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let _ = report;
    }
}

impl<const N: usize> Points for [(i16, i16); N] {
    #[inline]
    fn view<R>(&self, f: impl FnOnce(PointsView<'_>) -> R) -> Option<R> {
        Some(f(PointsView::Pairs(self)))
    }
}

impl Points for &[(i16, i16)] {
    #[inline]
    fn view<R>(&self, f: impl FnOnce(PointsView<'_>) -> R) -> Option<R> {
        Some(f(PointsView::Pairs(self)))
    }
}

impl<const N: usize> Points for &[(i16, i16); N] {
    #[inline]
    fn view<R>(&self, f: impl FnOnce(PointsView<'_>) -> R) -> Option<R> {
        Some(f(PointsView::Pairs(*self)))
    }
}

/// Why corners were not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PointsError {
    /// More corners than there is room for.
    Full {
        /// How many there is room for.
        capacity: usize,
    },
    /// The corners are being viewed.
    Busy(Busy),
}

impl From<Busy> for PointsError {
    fn from(busy: Busy) -> Self {
        Self::Busy(busy)
    }
}

impl fmt::Display for PointsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { capacity } => write!(f, "room for {capacity} points only"),
            Self::Busy(busy) => busy.fmt(f),
        }
    }
}

impl core::error::Error for PointsError {}

/// Corners that change while their polygon is shown, in memory of the program's choice: 4 bytes each.
///
/// ```
/// use displayio_core::PointList;
/// let mut memory = [0; PointList::required_bytes(3)];
/// let mut points = PointList::from_buffer(&mut memory);
/// points.set(&[(0, 0), (8, 3), (2, 7)]).unwrap();
/// assert!(points.set(&[(0, 0); 4]).is_err());
/// ```
pub struct PointList<'m> {
    storage: Storage<'m>,
    len: Cell<u16>,
}

impl<'m> PointList<'m> {
    /// Bytes that room for `capacity` corners takes.
    #[must_use]
    pub const fn required_bytes(capacity: u16) -> usize {
        capacity as usize * 4
    }

    /// No corners yet, and room for `capacity` of them on a heap.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the heap is as it was.
    pub fn new_in(capacity: u16, home: impl Into<Home<'m>>) -> Result<Self, OutOfMemory> {
        let purpose = Purpose::Named("the points of a polygon");
        let storage = Storage::zeroed_in(Self::required_bytes(capacity), purpose, home)?;
        Ok(Self { storage, len: Cell::new(0) })
    }

    /// No corners yet, and room for one per four bytes of a lent buffer.
    #[must_use]
    pub const fn from_buffer(buffer: &'m mut [u8]) -> Self {
        Self { storage: Storage::from_buffer(buffer), len: Cell::new(0) }
    }

    /// How many corners there is room for.
    #[must_use]
    pub fn capacity(&self) -> usize {
        (self.storage.len() / 4).min(u16::MAX.into())
    }

    /// Sets all corners.
    ///
    /// # Errors
    /// [`PointsError`]; the corners are as they were.
    pub fn set(&mut self, points: &[(i16, i16)]) -> Result<(), PointsError> {
        self.replace(points)
    }

    /// Sets all corners; whoever shows them must be told.
    pub(super) fn replace(&self, points: &[(i16, i16)]) -> Result<(), PointsError> {
        let capacity = self.capacity();
        let len = u16::try_from(points.len()).ok().filter(|len| usize::from(*len) <= capacity);
        let len = len.ok_or(PointsError::Full { capacity })?;
        self.storage.write(|bytes| {
            for (bytes, (x, y)) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(points) {
                let ([a, b], [c, d]) = (x.to_le_bytes(), y.to_le_bytes());
                *bytes = [a, b, c, d];
            }
        })?;
        self.len.set(len);
        Ok(())
    }
}

impl Points for PointList<'_> {
    #[inline]
    fn view<R>(&self, f: impl FnOnce(PointsView<'_>) -> R) -> Option<R> {
        let len = usize::from(self.len.get());
        let show = |bytes: &[u8]| {
            let (points, _) = bytes.as_chunks::<4>();
            f(PointsView::Bytes(points.get(..len).unwrap_or_default()))
        };
        self.storage.read(show).ok()
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let what = Purpose::Named("the points of a polygon");
        report(Part::of(self, what).with_data(self.storage.len(), self.storage.kind()));
    }
}

impl fmt::Debug for PointList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PointList({} of {}, {:?})", self.len.get(), self.capacity(), self.storage)
    }
}
