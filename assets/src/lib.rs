//! Makes assets of pictures and fonts: what `displayio-core` shows from flash and from storage.
//!
//! A [`Picture`] is read from a PNG, JPEG, GIF or BMP file. A [`Conversion`](image::Conversion) reduces its colours, and the
//! [`Converted`](image::Converted) picture becomes Rust source around an `Image`, or a BMP file for an `OnDiskBitmap`.
//! [`tiles`] cuts it into a sheet of unique tiles and a map of them. [`font`] takes characters of a font. The command-line
//! tool of the same name does all of it, compares depths and explains files:
//!
//! ```sh
//! displayio-assets image icons.png -o icons.rs --depth 4
//! displayio-assets font DejaVuSans.ttf -o clock.dfn --size 24 --chars 0123456789:
//! displayio-assets inspect icons.png clock.dfn
//! ```
//!
//! It needs the feature `cli`, which a build script does without:
//!
//! ```toml
//! [build-dependencies]
//! displayio-assets = { version = "0.1", default-features = false }
//! ```
//!
//! A `build.rs` converts while it builds:
//!
//! ```
//! # let dir = std::env::temp_dir().join(format!("displayio-assets-doctest-{}", std::process::id()));
//! # std::fs::create_dir_all(&dir)?;
//! # let out_dir = dir.display();
//! # let picture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/ship.png");
//! use displayio_assets::{Picture, image::Conversion};
//! use displayio_core::Depth;
//!
//! let conversion = Conversion { depth: Some(Depth::Bpp4), ..Conversion::default() };
//! let ship = conversion.convert(&Picture::open(picture)?)?;
//! std::fs::write(format!("{out_dir}/ship.rs"), ship.to_rust("SHIP"))?;
//! println!("cargo::rerun-if-changed={picture}");
//! # assert!(std::fs::read_to_string(dir.join("ship.rs"))?.contains("pub static SHIP: "));
//! # std::fs::remove_dir_all(&dir)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! and the program does `include!(concat!(env!("OUT_DIR"), "/ship.rs"));`. Colours that never change stay in flash as pixels do:
//!
//! ```
//! # const SHIP_COLORS: [u32; 2] = [0xff_00ff, 0xff_8020];
//! # const SHIP_TRANSPARENT: Option<u16> = Some(0);
//! use displayio_core::{FlashPalette, Rgb565};
//! static PALETTE: FlashPalette<Rgb565> =
//!     FlashPalette::new(&Rgb565.raws(SHIP_COLORS)).with_transparent(SHIP_TRANSPARENT);
//! ```
//!
//! The same input and the same options give the same bytes, on every platform.
#![forbid(unsafe_code)]

extern crate alloc;

mod bmp;
mod color;
#[cfg(feature = "cli")]
pub mod compare;
mod dither;
pub mod font;
mod histogram;
pub mod image;
#[cfg(feature = "cli")]
pub mod inspect;
mod picture;
mod quality;
mod quantize;
mod rust;
pub mod tiles;

pub use picture::{MAX_PIXELS, OpenError, Picture, PictureError};
pub use quality::psnr;
