//! Checksums of what panels are sent, by which targets are compared with a desktop.

mod formats;
mod panel;
mod tools;

use core::{fmt, mem::MaybeUninit, ops::Range};

use displayio_allocators::LinkedListHeap;
use displayio_core::{Area, Bitmap, Depth, Heap, Rgb565, Size};

use self::panel::ChecksumPanel;
use crate::{BenchError, Refresh, Workload};

/// Memory for strips, aligned to words.
#[repr(align(4))]
struct Strips([u8; 4096]);

/// Parts of [`Strips`] that are buffers: a row of 320 pixels, some rows, and half a row, at an odd address.
const BUFFERS: [Range<usize>; 3] = [0..640, 0..4096, 1..334];

/// Prints a part of a line.
type Print<'p> = &'p mut dyn FnMut(fmt::Arguments<'_>);

/// Prints lines `PICTURE,BUFFER_BYTES,CRC`, the same on any processor.
///
/// They are CRC-32 of all windows and pixels that a workload, or a scene on a panel of another format, sends; of tools, which
/// have no buffer, of the bitmap that they drew on. What is computed is named before it is, so that the name is
/// there when a processor faults.
///
/// RAM: 240 KiB of `region`, and as much stack as [`Workload::run`].
///
/// # Errors
/// [`BenchError`]: the region is too small.
pub fn print_checksums(
    region: &mut [MaybeUninit<u8>],
    print: &mut dyn FnMut(fmt::Arguments<'_>),
) -> Result<(), BenchError> {
    let mut strips = Strips([0; 4096]);
    for range in BUFFERS {
        let buffer = strips.0.get_mut(range).unwrap_or_default();
        for workload in Workload::ALL.into_iter().chain(Workload::TEXTS).chain(Workload::SCALE) {
            print_workload(workload, region, buffer, print)?;
        }
        formats::print_all(buffer, &LinkedListHeap::new(region), print)?;
    }
    tools::print_all(&LinkedListHeap::new(region), print)
}

fn print_workload(
    workload: Workload,
    region: &mut [MaybeUninit<u8>],
    buffer: &mut [u8],
    print: Print<'_>,
) -> Result<(), BenchError> {
    print(format_args!("{},{},", workload.name(), buffer.len()));
    let mut panel = ChecksumPanel::new(Rgb565, workload.panel_size());
    workload.run(&mut panel, buffer, &LinkedListHeap::new(region), &mut Refresh)?;
    print(format_args!("{:08x}\n", panel.checksum()));
    Ok(())
}

/// A bitmap of all kinds of values.
fn noise(size: Size, depth: Depth, heap: Heap<'_>) -> Result<Bitmap<'_>, BenchError> {
    let bitmap = Bitmap::new_in(size.width, size.height, depth, heap)?;
    bitmap.edit(Area::of_size(size), |canvas| {
        for y in 0..size.height {
            for x in 0..size.width {
                let noise = (u32::from(x) + 57 * u32::from(y)).wrapping_mul(0x9e37_79b9);
                canvas.set(x.into(), y.into(), noise >> (32 - u32::from(depth.bits())));
            }
        }
    })?;
    Ok(bitmap)
}
