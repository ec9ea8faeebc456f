//! What a scene borrows cannot be dropped, moved or lent again while it is shown. None of this compiles.
//!
//! A heap before what is in it:
//!
//! ```compile_fail,E0505
//! use displayio_allocators::LinkedListHeap;
//! use displayio_core::{Bitmap, Depth};
//! let mut region = [core::mem::MaybeUninit::uninit(); 1024];
//! let heap = LinkedListHeap::new(&mut region);
//! let sheet = Bitmap::new_in(8, 8, Depth::Bpp4, &heap).unwrap();
//! drop(heap);
//! sheet.fill(1).unwrap();
//! ```
//!
//! The region of a heap, too:
//!
//! ```compile_fail,E0597
//! use displayio_allocators::LinkedListHeap;
//! use displayio_core::{Palette, Rgb565};
//! let palette = {
//!     let mut region = [core::mem::MaybeUninit::uninit(); 1024];
//!     let heap = LinkedListHeap::new(&mut region);
//!     Palette::<Rgb565>::new_in(16, &heap).unwrap()
//! };
//! palette.set(1, 0xff_ffff).unwrap();
//! ```
//!
//! A font before its label:
//!
//! ```compile_fail,E0597
//! use displayio_core::{FONT_6X12, Label};
//! let mut room = [0; Label::required_bytes(8)];
//! let label = {
//!     let font = FONT_6X12;
//!     Label::from_buffer(&font, &mut room)
//! };
//! label.set_text("Hello").unwrap();
//! ```
//!
//! A lent buffer that is used while an object has it:
//!
//! ```compile_fail,E0506
//! use displayio_core::TileMap;
//! let mut cells = [0; 4];
//! let map = TileMap::from_buffer(2, 2, &mut cells).unwrap();
//! cells[0] = 1;
//! map.set(0, 0, 2).unwrap();
//! ```
//!
//! A map that two grids share, of which one would miss changes:
//!
//! ```compile_fail,E0277
//! use displayio_core::{ColorConverter, Depth, Image, TileGrid, TileMap};
//! static TILES: Image = Image::new(8, 1, Depth::Bpp1, &[0; 4]);
//! let map = TileMap::from_slice(2, 1, &[0, 1]).unwrap();
//! let grid = TileGrid::new(&TILES, ColorConverter::default()).with_map(&map);
//! ```
//!
//! A child that outlives the look at it:
//!
//! ```compile_fail,E0521
//! use displayio_core::{Children, Group};
//! let list = Children::new(heapless::Vec::<Group<()>, 4>::new());
//! let mut kept = None;
//! list.with(0, |child| kept = Some(child)).unwrap();
//! ```
