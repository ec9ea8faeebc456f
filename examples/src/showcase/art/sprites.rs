//! What flies and runs.

use super::{Inks, Picture};

/// Ship, flame, saucer, coins and astronaut.
pub(in crate::showcase) const INKS: Inks = Inks {
    legend: ".knbcwsSgrRoyYDp",
    colors: [
        0x00_0000, 0x12_0d26, 0x27_306b, 0x3f_6fd8, 0x6f_e3ff, 0xf7_f9ff, 0xb9_c4e6, 0x74_82b5,
        0x3d_4574, 0xf0_4a52, 0x9c_2a4c, 0xff_9a3d, 0xff_f0b0, 0xff_c23f, 0xb0_6a2a, 0xff_7fae,
    ],
};

/// 24x13 pixels, flying to the right.
pub(in crate::showcase) const SHIP: [Picture; 1] = [&[
    "...kkkkkk...............",
    "...kRrrrrkk.............",
    "....kRRrrrrkkkkkk.......",
    "..kkkkkSssssswwwwkkk....",
    ".kggkSSsswwwwwwkkkkwkk..",
    ".kgkSSsswwwwwkkbcckwwkk.",
    ".kgkSSssrrrwwkbbccwkwwwk",
    ".kgkSSSssswwwkkbbcckwwsk",
    ".kggkSSSssssssskkkksssk.",
    "..kkkkkSSSSSSSsssssskk..",
    "...kRRrrrrkkkkkkkkkk....",
    "..kRRRRRkk..............",
    "..kkkkkk................",
]];

/// 10x7 pixels each, for the tail of a ship.
pub(in crate::showcase) const FLAME: [Picture; 3] = [
    &[
        ".......rrr", //
        "....rroooo",
        "..rroooyyy",
        "rrooyyywww",
        "..rroooyyy",
        "....rroooo",
        ".......rrr",
    ],
    &[
        "........rr", //
        "......rroo",
        "...rrooyyy",
        "..rooyywww",
        "...rrooyyy",
        "......rroo",
        "........rr",
    ],
    &[
        "......rrrr", //
        "...rrroooo",
        ".rroooyyyy",
        "...ooyywww",
        ".rroooyyyy",
        "...rrroooo",
        "......rrrr",
    ],
];

/// 20x11 pixels each: its lights run.
pub(in crate::showcase) const SAUCER: [Picture; 2] = [
    &[
        ".......kkkkkk.......",
        ".....kkbcccwwkk.....",
        "....kbbbcccwwwck....",
        "....kbbbbcccccck....",
        "..kkkkkkkkkkkkkkkk..",
        ".kSsswwwwwwwwwwsssk.",
        "kSSSssssssssssssssSk",
        "kgYYgSSppSSYYSSppgSk",
        ".kkgggggggggggggkkk.",
        "...kkkSSSSSSSSkkk...",
        "......kkkkkkkk......",
    ],
    &[
        ".......kkkkkk.......",
        ".....kkbcccwwkk.....",
        "....kbbbcccwwwck....",
        "....kbbbbcccccck....",
        "..kkkkkkkkkkkkkkkk..",
        ".kSsswwwwwwwwwwsssk.",
        "kSSSssssssssssssssSk",
        "kgppgSSYYSSppSSYYgSk",
        ".kkgggggggggggggkkk.",
        "...kkkSSSSSSSSkkk...",
        "......kkkkkkkk......",
    ],
];

/// 12x12 pixels each: from the front to the edge.
pub(in crate::showcase) const COIN: [Picture; 3] = [
    &[
        "....kkkk....",
        "..kkyyyYkk..",
        ".kyyYYYYYDk.",
        ".kyYyyyDYDk.",
        "kyYYyYYDYYDk",
        "kyYYyYYDYYDk",
        "kyYYyYYDYYDk",
        "kyYYyYYDYYDk",
        ".kYYyDDDYDk.",
        ".kYYYYYYDDk.",
        "..kkDDDDkk..",
        "....kkkk....",
    ],
    &[
        "....kkkk....",
        "...kyyYDk...",
        "..kyYYYYDk..",
        "..kyYyDYDk..",
        "..kyYyDYDk..",
        "..kyYyDYDk..",
        "..kyYyDYDk..",
        "..kyYyDYDk..",
        "..kYYyDYDk..",
        "..kYYYYDDk..",
        "...kDDDDk...",
        "....kkkk....",
    ],
    &[
        ".....kk.....",
        "....kyDk....",
        "....kyDk....",
        "....kyDk....",
        "....kyDk....",
        "....kyDk....",
        "....kyDk....",
        "....kyDk....",
        "....kyDk....",
        "....kyDk....",
        "....kYDk....",
        ".....kk.....",
    ],
];

/// 16x16 pixels each: standing, two strides, in the air.
pub(in crate::showcase) const HERO: [Picture; 4] = [
    &[
        ".....kkkkkk.....",
        "....kwwwwwwkk...",
        "...kwwwwwwwwsk..",
        "...kwwwkkkkkkk..",
        "...kwwkbccwwck..",
        "...kwwkbbccck...",
        "...kswwkkkkkk...",
        ".kkkkswwwwsk....",
        "kRrkkwwwwwwkk...",
        "kRrkwwwowwwwk...",
        "kRrkswwwwwwsk...",
        ".kkkkswwwwskk...",
        "....kssssssk....",
        "....kswk.kwsk...",
        "....kswk.kwsk...",
        "....kggk.kggk...",
    ],
    &[
        ".....kkkkkk.....",
        "....kwwwwwwkk...",
        "...kwwwwwwwwsk..",
        "...kwwwkkkkkkk..",
        "...kwwkbccwwck..",
        "...kwwkbbccck...",
        "...kswwkkkkkk...",
        ".kkkkswwwwsk....",
        "kRrkkwwwwwwkkk..",
        "kRrkwwwowwwwwwk.",
        "kRrkswwwwwwskkk.",
        ".kkkkswwwwsk....",
        "....ksssssssk...",
        "..kkwskkkkswwk..",
        ".kgwsk...kwsgk..",
        ".kgkk.....kggk..",
    ],
    &[
        ".....kkkkkk.....",
        "....kwwwwwwkk...",
        "...kwwwwwwwwsk..",
        "...kwwwkkkkkkk..",
        "...kwwkbccwwck..",
        "...kwwkbbccck...",
        "...kswwkkkkkk...",
        ".kkkkswwwwsk....",
        "kRrkwwwwwwwk....",
        "kRrkwwwowwwk....",
        "kRrkkswwwwsk....",
        ".kkkkswwwwsk....",
        "....kssssssk....",
        ".....kwsswk.....",
        ".....kwsggk.....",
        "....kggkkk......",
    ],
    &[
        ".....kkkkkk.....",
        "....kwwwwwwkk...",
        "...kwwwwwwwwsk..",
        "...kwwwkkkkkkk..",
        "...kwwkbccwwck..",
        "...kwwkbbcccksk.",
        "...kswwkkkkkkwk.",
        ".kkkkswwwwskwk..",
        "kRrkkwwwwwwwk...",
        "kRrkwwwowwwk....",
        "kRrkswwwwwskk...",
        "okkkkswwwwwwskk.",
        "yo..kssskkswwgk.",
        "wy.kwsskk.kkggk.",
        "o..kgwk.....kk..",
        "...kggk.........",
    ],
];
