//! A whole small program, whose memory is refused at each step or ends a byte too soon.

use core::cell::{OnceCell, RefCell};

use displayio_allocators::{Boxed, Buf, LinkedListHeap, Purpose};
use displayio_core::{
    AddError, Bitmap, Children, Depth, Group, Home, Node, OnDiskBitmap, OutOfMemory, Palette,
    PaletteRgb, Rejected, Rgb565, SliceFile, TileGrid, TileMap,
};

use crate::{
    BOX, LIST, ROWS, Reason, Request, check, check_exhaustion, check_still_shows, open, photo_file,
    region,
    screen::{Frame, Screen},
};

type Page<'a> = Group<Children<Buf<'a, Boxed<'a, dyn Node<Rgb565> + 'a>>>>;
type Photo<'a, 'm> = TileGrid<&'a OnDiskBitmap<'m, SliceFile<'m>>, &'a Palette<'m, Rgb565>>;
type Ground<'a, 'm> = TileGrid<&'a Bitmap<'m>, &'a PaletteRgb<'m>, TileMap<'m>>;
type Sprite<'a, 'm> = TileGrid<&'a Bitmap<'m>, &'a PaletteRgb<'m>>;

/// A program that tries again what was refused, once, and shows each step.
struct Program<'b, 'p, 'a> {
    screen: Screen<'b, fn()>,
    page: &'p Page<'a>,
    refused: Vec<OutOfMemory>,
}

impl<'a> Program<'_, '_, 'a> {
    fn attempt<T>(&mut self, step: impl Fn() -> Result<T, OutOfMemory>) -> Result<T, OutOfMemory> {
        step().or_else(|error| {
            self.check_refusal(error);
            step()
        })
    }

    /// Puts a node in a box and on the page, and shows it.
    fn show<N: Node<Rgb565> + 'a>(
        &mut self,
        node: impl Fn() -> Result<N, OutOfMemory>,
        home: Home<'a>,
    ) -> Result<(), OutOfMemory> {
        let boxed = self.attempt(|| {
            Boxed::<dyn Node<Rgb565> + 'a>::unsize_in(node()?, |node| node, home.heap())
        })?;
        let list = self.page.children();
        if let Err(rejected) = list.push(boxed) {
            let Rejected { value, error: AddError::OutOfMemory(error) } = rejected else {
                panic!("{rejected:?}")
            };
            self.check_refusal(error);
            list.push(value).map_err(Reason::reason)?;
        }
        assert!(self.screen.refresh(self.page) > 0, "something new is shown");
        Ok(())
    }

    fn check_refusal(&mut self, error: OutOfMemory) {
        self.refused.push(error);
        let shown = self.screen.frame();
        check_still_shows(&mut self.screen, self.page, &shown);
    }
}

const NO_HOOK: fn() = || ();

/// A photo from a file, a ground of tiles with sprites on it, all in boxes on one page: its picture, and what was refused
/// on the way.
fn run_program<'m>(
    file: &'m [u8],
    home: Home<'m>,
) -> Result<(Frame, Vec<OutOfMemory>), OutOfMemory> {
    let (photo, photo_colors, sheet, colors) =
        (OnceCell::new(), OnceCell::new(), OnceCell::new(), OnceCell::new());
    let page = Group::new(Children::new(Buf::new(home.heap()))).at(2, 1);
    let mut buffer = [0; 300];
    let mut screen = Screen::new(&mut buffer, NO_HOOK);
    screen.refresh(&page);
    let mut program = Program { screen, page: &page, refused: vec![] };

    let opened = program.attempt(|| open(file, 40, home))?;
    let photo = photo.get_or_init(|| opened);
    let read = program.attempt(|| photo.palette_in(Rgb565, home).map_err(Reason::reason))?;
    let photo_colors = photo_colors.get_or_init(|| read);
    program
        .show(|| -> Result<Photo<'_, '_>, _> { Ok(TileGrid::new(photo, photo_colors)) }, home)?;

    let drawn = program.attempt(|| Bitmap::new_in(32, 8, Depth::Bpp2, home))?;
    (0..32).for_each(|x| drawn.draw_line((x, 0), (31 - x, 7), (x % 4) as u32).unwrap());
    let sheet = sheet.get_or_init(|| drawn);
    let mixed = program.attempt(|| PaletteRgb::new_in(4, home))?;
    (0..4).for_each(|i| mixed.set(i, 0x40_1733 * u32::from(i)).unwrap());
    mixed.set_transparent(2, true).unwrap();
    let colors = colors.get_or_init(|| mixed);
    let ground = || -> Result<Ground<'_, '_>, _> {
        let map = TileMap::new_in(4, 2, home)?;
        (0..8).for_each(|i| map.set(i % 4, i / 4, i % 3).unwrap());
        Ok(TileGrid::new(sheet, colors).with_map(map).tiles(8, 8).at(3, 2))
    };
    program.show(ground, home)?;
    for i in 0..4 {
        let sprite = || -> Result<Sprite<'_, '_>, _> {
            let sprite = TileGrid::new(sheet, colors).tiles(8, 8).at(9 * i, 5 + i);
            sprite.set_tile(3);
            Ok(sprite)
        };
        program.show(sprite, home)?;
    }
    drop(program.page.children().remove(2));
    program.screen.refresh(&page);
    let shown = program.screen.frame();
    check_still_shows(&mut program.screen, &page, &shown);
    Ok((shown, program.refused))
}

const fn program_requests() -> [Request; 13] {
    const SPRITE: Request = (size_of::<Sprite<'_, '_>>(), BOX);
    const CHILD_BYTES: usize = size_of::<Boxed<'_, dyn Node<Rgb565>>>();
    [
        (40, ROWS),
        (9, Purpose::Palette { colors: 4 }),
        (size_of::<Photo<'_, '_>>(), BOX),
        (4 * CHILD_BYTES, LIST),
        (64, Purpose::Bitmap { width: 32, height: 8, bits: 2 }),
        (17, Purpose::Palette { colors: 4 }),
        (8, Purpose::TileMap { columns: 4, rows: 2 }),
        (size_of::<Ground<'_, '_>>(), BOX),
        SPRITE,
        SPRITE,
        SPRITE,
        (8 * CHILD_BYTES, LIST),
        SPRITE,
    ]
}

fn program_picture(file: &[u8]) -> Frame {
    let mut region = region();
    let heap = LinkedListHeap::new(&mut region);
    let (picture, refused) = run_program(file, Home::from(&heap)).unwrap();
    assert_eq!(refused, [], "there is room enough");
    picture
}

#[test]
fn a_program_survives_each_refusal() {
    let file = photo_file();
    let expected = program_picture(&file);
    check(&program_requests(), &|home| {
        let (picture, mut refused) = run_program(&file, home)?;
        assert!(picture == expected, "it ended with another picture");
        assert!(refused.len() <= 1, "{refused:?}");
        refused.pop().map_or(Ok(()), Err)
    });
}

#[test]
fn a_program_in_too_little_memory_says_what_did_not_fit() {
    let file = photo_file();
    let expected = program_picture(&file);
    let unnamed = RefCell::new(program_requests().to_vec());
    check_exhaustion(&program_requests(), 4000, &|home| {
        let result = run_program(&file, home);
        if let Err(error) = &result {
            let request = (error.requested_bytes, error.purpose);
            unnamed.borrow_mut().retain(|other| *other != request);
        }
        let (picture, refused) = result?;
        assert_eq!(refused, [], "an attempt that failed succeeded the second time");
        assert!(picture == expected, "it ended with another picture");
        Ok(())
    });
    assert_eq!(unnamed.into_inner(), [], "each was too much for some region");
}
