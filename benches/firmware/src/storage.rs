//! What the programs that weigh heaps do with their bytes.

use core::hint::black_box;

use displayio_allocators::{OutOfMemory, Storage};

/// Writes, reads and frees, or looks at the numbers of the error without formatting them.
pub fn use_storage(storage: Result<Storage<'_>, OutOfMemory>) {
    match storage {
        Ok(storage) => {
            let _ = storage.write(|bytes| bytes.fill(black_box(1)));
            let _ = storage.read(|bytes| black_box(bytes.last().copied()));
        }
        Err(error) => {
            black_box((error.requested_bytes, error.is_fragmented()));
        }
    }
}
