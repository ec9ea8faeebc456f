//! Scenes of many sprites.

use core::{array, convert::Infallible};

use displayio_core::{
    Bitmap, BlockingPanel, Damage, Group, Heap, Node, Palette, Place, RefreshStats, Rgb565, Size,
    TileGrid, Transform,
};

use super::{Observer, Sprite, Stage, Workload};
use crate::{BenchError, pictures, tables};

const NODES: usize = Workload::POLLED_NODES as usize;

/// Groups, and sprites in each of them.
const GROUPS: usize = 40;
const NODES_OF_GROUP: usize = NODES / GROUPS;

/// What all sprites show.
struct Art<'g> {
    bitmap: Bitmap<'g>,
    palette: Palette<'g, Rgb565>,
}

impl<'g> Art<'g> {
    fn new(heap: Heap<'g>) -> Result<Self, BenchError> {
        let palette = pictures::palette(&tables::SPRITE_COLORS, heap)?;
        palette.set_transparent(0, true)?;
        Ok(Self { bitmap: pictures::sprite(heap)?, palette })
    }

    /// Sprites below the one that [moves](Self::mover).
    fn sprites<const N: usize>(&self) -> [Sprite<'_>; N] {
        array::from_fn(|index| {
            let (x, y) = pictures::position_below(index);
            TileGrid::new(&self.bitmap, &self.palette).at(x, y)
        })
    }

    /// A sprite that meets no other, also when it has moved by a pixel.
    fn mover(&self) -> Sprite<'_> {
        TileGrid::new(&self.bitmap, &self.palette).at(8, 8)
    }
}

impl<P, O> Stage<'_, '_, P, O>
where
    P: BlockingPanel<Format = Rgb565, Error = Infallible>,
    O: Observer,
{
    pub(super) fn poll_values(self, heap: Heap<'_>) -> Result<RefreshStats, BenchError> {
        self.show_again(&Group::new(Art::new(heap)?.sprites::<NODES>()))
    }

    pub(super) fn poll_tuples(self, heap: Heap<'_>) -> Result<RefreshStats, BenchError> {
        let art = Art::new(heap)?;
        let tuples: [_; NODES / 8] = array::from_fn(|_| {
            let [a, b, c, d, e, f, g, h] = art.sprites();
            (a, b, c, d, e, f, g, h)
        });
        self.show_again(&Group::new(tuples))
    }

    pub(super) fn poll_references(self, heap: Heap<'_>) -> Result<RefreshStats, BenchError> {
        let art = Art::new(heap)?;
        let sprites = art.sprites::<NODES>();
        let nodes = array::from_fn::<&dyn Node<Rgb565>, NODES, _>(|index| &sprites[index]);
        self.show_again(&Group::new(nodes))
    }

    /// Measures collecting alone, and then a refresh that collects as much again.
    pub(super) fn change_200(mut self, heap: Heap<'_>) -> Result<RefreshStats, BenchError> {
        let art = Art::new(heap)?;
        let root = Group::new(art.sprites::<200>());
        self.display.refresh(&root)?;
        root.children().iter().for_each(move_by_one);
        let panel = self.display.panel();
        let window_cost_bytes = panel.capabilities().window_cost_bytes;
        let mut damage = Damage::new(panel.size(), Size::new(1, 1), 16, window_cost_bytes);
        let place = Place { transform: Transform::IDENTITY, visible: true, changed: false };
        self.observer.collect(&root, &place, &mut damage);
        root.children().iter().for_each(move_by_one);
        Ok(self.observer.refresh(&mut self.display, &root)?)
    }

    pub(super) fn move_among<const N: usize>(
        self,
        heap: Heap<'_>,
    ) -> Result<RefreshStats, BenchError> {
        let art = Art::new(heap)?;
        self.move_one(&art.mover(), art.sprites::<N>())
    }

    pub(super) fn move_among_groups(self, heap: Heap<'_>) -> Result<RefreshStats, BenchError> {
        let art = Art::new(heap)?;
        let groups: [_; GROUPS] = array::from_fn(|_| Group::new(art.sprites::<NODES_OF_GROUP>()));
        self.move_one(&art.mover(), groups)
    }

    /// Measures a refresh of nothing, and then that after a small move.
    fn move_one(
        mut self,
        mover: &Sprite<'_>,
        others: impl Node<Rgb565>,
    ) -> Result<RefreshStats, BenchError> {
        let root = Group::new((mover, others));
        self.display.refresh(&root)?;
        self.observer.refresh(&mut self.display, &root)?;
        move_by_one(mover);
        Ok(self.observer.refresh(&mut self.display, &root)?)
    }
}

pub(super) fn move_by_one(sprite: &Sprite<'_>) {
    let (x, y) = sprite.position();
    sprite.move_to(x + 1, y);
}
