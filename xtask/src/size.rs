//! Bytes of code and of structs.

use crate::{
    FigureArguments, elf,
    failure::Failure,
    figures::{self, Columns, Figure, Layout},
    firmware::{self, Profile},
    qemu,
    toolchain::Target,
};

const LAYOUT: Layout = Layout { file: "size.csv", key: "what,target", value: "bytes" };

/// `code` is what the gates of the smallest program and of everything are about: `.text` and `.rodata`.
const SECTIONS: Columns = Columns {
    title: "Bytes of programs, optimised for size",
    file: "sections.csv",
    key: "program,core",
    values: "code,text,rodata,data,bss",
};

/// The smallest program, which shows a tile grid through a palette, and others that use more of the library.
const FEATURE_SETS: [(&str, &str); 9] = [
    ("smallest", "smallest"),
    ("smallest of any depth", "any_depth"),
    ("with a Label", "with_label"),
    ("with shapes", "with_shapes"),
    ("with an OnDiskBitmap", "with_file"),
    ("with bitmap tools", "with_tools"),
    ("with a heap", "with_heap"),
    ("everything", "everything"),
    ("everything and a heap", "everything_and_heap"),
];

/// Code of `CircuitPython`'s displayio core on a Cortex-M4, compiled with -Os, without bindings to Python.
const REFERENCE_CODE_BYTES: f64 = 11_200.0;

/// Structs of the same, on a 32-bit target, before they are rounded up to blocks of 16 bytes.
const REFERENCE_STRUCTS: [(&str, f64); 5] = [
    ("TileGrid", 84.0),
    ("Group", 44.0),
    ("Bitmap", 36.0),
    ("Palette", 16.0),
    ("Palette and 256 colors", 16.0 + 256.0 * 16.0),
];

/// Heaps, and the programs that are `heap_none` with one of them. `TalcHeap` links only beside a global allocator.
const HEAPS: [(&str, &str); 6] = [
    ("arena", "heap_arena"),
    ("pool", "heap_pool"),
    ("linked list", "heap_linked_list"),
    ("tlsf", "heap_tlsf"),
    ("buddy", "heap_buddy"),
    ("compacting", "heap_compacting"),
];

/// Weighs code on all targets, and structs on one: both targets lay them out alike.
pub(crate) fn run(arguments: &FigureArguments) -> Result<(), Failure> {
    let mut figures = Vec::new();
    for target in Target::ALL {
        figures.extend(code(target)?);
    }
    let program = firmware::build(Target::Thumbv7em, Profile::Release, "size_of")?;
    figures.extend(read(&qemu::run(&program)?)?);
    for target in Target::ALL {
        figures.extend(heaps(target)?);
    }
    let mut sections = Vec::new();
    for target in Target::ALL {
        for (name, program) in FEATURE_SETS {
            sections.push(sections_of(target, name, program)?);
        }
    }
    let sizes = LAYOUT.report(&figures, arguments);
    println!();
    // Both are reported before either fails.
    sizes.and(SECTIONS.report(&sections, arguments))
}

/// A line of the table of sections.
fn sections_of(target: Target, name: &str, program: &str) -> Result<String, Failure> {
    let path = firmware::build(target, Profile::Size, program)?;
    let [text, rodata, data, bss] =
        elf::section_bytes(&path, [".text", ".rodata", ".data", ".bss"])?;
    Ok(format!("{name},{},{},{text},{rodata},{data},{bss}", target.core(), text + rodata))
}

/// Code and constants of the smallest programs, and what more kinds of tile grid add. The reference shows any depth.
///
/// The second kind brings another source and another shader, and with them all paths that the compiler could leave out
/// of a program with one of each. The third brings nothing new: it costs what a combination costs. The label's program has
/// text and nothing else.
fn code(target: Target) -> Result<[Figure; 5], Failure> {
    let bytes = |program| bytes(target, program);
    let (one, two, three) = (bytes("any_depth")?, bytes("two_grids")?, bytes("three_grids")?);
    let reference = (target == Target::Thumbv7em).then_some(REFERENCE_CODE_BYTES);
    Ok([
        figure("smallest firmware", target, bytes("smallest")?),
        Figure { reference, ..figure("smallest firmware of any depth", target, one) },
        figure("second kind of TileGrid", target, two - one),
        figure("third kind of TileGrid", target, three - two),
        figure("firmware with a Label", target, bytes("label")?),
    ])
}

/// What each heap adds to a program whose bytes are static: the heap, its errors, and the choice between kinds of memory.
fn heaps(target: Target) -> Result<Vec<Figure>, Failure> {
    let none = bytes(target, "heap_none")?;
    let weigh = |(heap, program)| {
        Ok(figure(&format!("heap {heap}"), target, bytes(target, program)? - none))
    };
    HEAPS.into_iter().map(weigh).collect()
}

/// Code and constants of a program.
fn bytes(target: Target, program: &str) -> Result<f64, Failure> {
    let bytes = elf::code_bytes(&firmware::build(target, Profile::Size, program)?)?;
    Ok(u32::try_from(bytes).unwrap_or(u32::MAX).into())
}

fn figure(what: &str, target: Target, bytes: f64) -> Figure {
    Figure { key: format!("{what},{}", target.core()), value: bytes, reference: None }
}

/// Figures from what the program printed.
fn read(printed: &str) -> Result<Vec<Figure>, Failure> {
    let mut figures = figures::read(printed)?;
    for figure in &mut figures {
        let reference = REFERENCE_STRUCTS.into_iter().find(|(of, _)| *of == figure.key);
        figure.reference = reference.map(|(_, bytes)| bytes);
        figure.key = format!("size_of {},32 bit", figure.key);
    }
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_becomes_figures() {
        let figures = read("TileGrid,40\nTileMap,28\n").expect("well-formed");
        let keys: Vec<&str> = figures.iter().map(|figure| figure.key.as_str()).collect();
        assert_eq!(keys, ["size_of TileGrid,32 bit", "size_of TileMap,32 bit"]);
        assert_eq!([&figures[0], &figures[1]].map(|figure| figure.reference), [Some(84.0), None]);
        assert!(read("panicked\n").is_err(), "not a size");
    }
}
