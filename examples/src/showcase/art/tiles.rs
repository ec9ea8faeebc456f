//! The ground: 16 by 16 pixels a tile, and the level made of them.

use super::{Inks, Picture};

/// Earth, grass, stone and what stands on it.
pub(in crate::showcase) const INKS: Inks = Inks {
    legend: ".kdeEsSgGlLoypcw",
    colors: [
        0x00_0000, 0x12_0d26, 0x1d_1640, 0x2b_2056, 0x3c_2e70, 0x57_468c, 0x86_74bd, 0x0c_4a55,
        0x14_8070, 0x2f_c08a, 0xa0_f0a0, 0xff_9a3d, 0xff_e9a0, 0xff_5d9f, 0x3f_e0e8, 0xf4_f7ff,
    ],
};

/// Characters of the [`LEVEL`], in the order of [`PICTURES`].
const LEGEND: &str = " -~<>efc[]dx{}kbLBRMCasg";

/// Columns after which the level repeats.
pub(in crate::showcase) const LEVEL_COLUMNS: u16 = 25;

/// Rows of the level: one of decoration, surface, three of earth.
pub(in crate::showcase) const LEVEL_ROWS: u16 = 5;

/// First column of the pool, which is three columns wide.
pub(in crate::showcase) const POOL_COLUMN: u16 = 13;

const LEVEL: [&str; 5] = [
    " B  L   M  B    R  L  C  ",
    "--~---~--~-->   <--~---~-",
    "efeceefeafec]   [efeaceef",
    "dxddddsddgdd}   {dsdxddgd",
    "kkkkkkkkkkkkkbbbkkkkkkkkk",
];

/// The tile of a cell of the level, which repeats for ever to the right.
pub(in crate::showcase) fn of_level(column: u16, row: u16) -> u16 {
    let rows = LEVEL.get(usize::from(row)).map(|row| row.as_bytes());
    let cell = rows.and_then(|row| row.get(usize::from(column % LEVEL_COLUMNS))).unwrap_or(&b' ');
    let tile = LEGEND.bytes().position(|of_legend| of_legend == *cell);
    tile.and_then(|tile| u16::try_from(tile).ok()).unwrap_or(0)
}

/// The tiles, in the order of the legend.
pub(in crate::showcase) const PICTURES: [Picture; 24] = [
    EMPTY,
    GRASS,
    MEADOW,
    SHORE_LEFT,
    SHORE_RIGHT,
    EARTH,
    PEBBLES,
    GEMS,
    BANK_LEFT,
    BANK_RIGHT,
    DEEP,
    DEEP_GEMS,
    DEEP_LEFT,
    DEEP_RIGHT,
    BEDROCK,
    POOL_BED,
    LAMP,
    BUSH,
    ROCK,
    MUSHROOMS,
    CRYSTALS,
    SHELL,
    STONES,
    CHEST,
];

const EMPTY: Picture = &[
    "................",
    "................",
    "................",
    "................",
    "................",
    "................",
    "................",
    "................",
    "................",
    "................",
    "................",
    "................",
    "................",
    "................",
    "................",
    "................",
];

const GRASS: Picture = &[
    "lLLllLLLlllLLlll",
    "GllLlllllLlllllL",
    "GGllGGlllGGllGGl",
    "gGGGgGGGGgGGGgGG",
    "ggGgegGGgegGgegG",
    "eggeeegGgeegeeeg",
    "eeeeeeegeeeeeeee",
    "eeEEeeeeeeeEeeee",
    "eEeeeeeeeeEeeeee",
    "eeeeeedeeeeeeeee",
    "eeeeeeeeeeeeesEe",
    "eeesEeeeeeeeeEde",
    "eeeEdeeeedeeeeee",
    "eeeeeeeeeeeeeeee",
    "edeeeeeeEEeeeeee",
    "eeeeeeeEeeeeeede",
];

const MEADOW: Picture = &[
    "lLLlpLLLlllLylll",
    "GllpyplllLlyoylL",
    "GGllpGlllGGlyGGl",
    "gGGGgGGGGgGGGgGG",
    "ggGgegGGgegGgegG",
    "eggeeegGgeegeeeg",
    "eeeeeeegeeeeeeee",
    "eeeeeeeeeEEeeeee",
    "eeesSeeeEeeeeeee",
    "eessssdeeeeeeeee",
    "eeddddeeeeeeeeee",
    "eeeeeeeeeeeedeee",
    "eeeeeeeeeeeeeeee",
    "EeeeeeedeeeesSee",
    "eeeeeeeeeeeessde",
    "eedeeeeeeeeeddee",
];

const SHORE_LEFT: Picture = &[
    "..kllLLLlllLLlll",
    ".kLLlllllLlllllL",
    "klLllGlllGGllGGl",
    "klllGGGGGgGGGgGG",
    "kGlGGgGGgegGgegG",
    "kGGggegGgeegeeeg",
    "kgGgeeegeeeeeeee",
    "kggeEEeeeeeEeeee",
    "kgsEeeeeeeEeeeee",
    ".kssEedeeeeeeeee",
    ".ksEeeeeeeeeesEe",
    ".ksEeEeeeeeeeEde",
    "..ksEdeeedeeeeee",
    "..ksEeeeeeeeeeee",
    "..kssEeeEEeeeeee",
    "..ksEeeEeeeeeede",
];

const SHORE_RIGHT: Picture = &[
    "lLLllLLLlllLlk..",
    "GllLlllllLllllk.",
    "GGllGGlllGGlllGk",
    "gGGGgGGGGGlGGGGk",
    "ggGgegGGgGGGGGgk",
    "eggeeegGgegGGggk",
    "eeeeeeegeeegGggk",
    "eeEEeeeeeeEegggk",
    "eEeeeeeeeeeeEsgk",
    "eeeeeedeeeeeEsk.",
    "eeeeeeeeeeeEEsk.",
    "eeesEeeeeeeeEsk.",
    "eeeEdeeeedeEsk..",
    "eeeeeeeeeeeEsk..",
    "edeeeeeeEEeEsk..",
    "eeeeeeeEeeeEsk..",
];

const EARTH: Picture = &[
    "eeeeeeeeeeeeeeee",
    "eeeeEEEeeeeeeeee",
    "eeeEeeeeeeeeEEee",
    "eeeeeeeeeeeEeeee",
    "eedeeeeeeeeeeeee",
    "eeeeeeeeeeeeedee",
    "eeeeeeeeEEeeeeee",
    "eEEeeeeEeeeeeeee",
    "Eeeeeeeeeeeeeeee",
    "eeeeedeeeeeeEEEe",
    "eeeeeeeeeeeEeeee",
    "eedeeeeeeeeeeeee",
    "eeeeeEEedeeeeeed",
    "deeeEeeeeedeeede",
    "eedeeedeedeedeed",
    "dedededededededd",
];

const PEBBLES: Picture = &[
    "eeeeeeeeeeeeeeee",
    "eeeesSSeeeeeeeee",
    "eeesSsssdeeeEEee",
    "eeesssEEdeeEeeee",
    "eeeesEEddeeeeeee",
    "eeeeedddeeeeeeee",
    "eeeeeeeeeesSSeee",
    "eEEeeeeeesSsssde",
    "EeeeeeeeesssEEde",
    "eeeesSeeeesEEdde",
    "eeessEdeeeedddee",
    "eeedddeeeeeeeeee",
    "eeeeeEEedeeeeeed",
    "deeeEeeeeedeeede",
    "eedeeedeedeedeed",
    "dedededededededd",
];

const GEMS: Picture = &[
    "eeeeeeeeeeeeeeee",
    "eeeeEEeeeeeeeeee",
    "eeeEeeeekkeeeeee",
    "eeeeeeekcwkeeeee",
    "eedeeeekcwkekkee",
    "eeeekkekccwkcwke",
    "eeekwckcccwkcwke",
    "eeekccwkccwccckd",
    "eeedkccwcccccckd",
    "eeeedkccccccckde",
    "eeeeedkkkkkkkdde",
    "eedeeeddddddddee",
    "eeeeeEEedeeeeeed",
    "deeeEeeeeedeeede",
    "eedeeedeedeedeed",
    "dedededededededd",
];

const BANK_LEFT: Picture = &[
    "..ksEeeeeeeeeeee",
    "..ksEeEEeeeeeeee",
    ".kssEEeeeeeeEEee",
    ".ksEEeeeeeeEeeee",
    ".ksEdeeeeeeeeeee",
    "..ksEeeeeeeeedee",
    "..ksEeeeEEeeeeee",
    "..kssEeEeeeeeeee",
    "...ksEeeeeeeeeee",
    "...ksEdeeeeeEEEe",
    "..kssEeeeeeEeeee",
    "..ksEEeeeeeeeeee",
    "..ksEEEedeeeeeed",
    ".kssEeeeeedeeede",
    ".ksEeedeedeedeed",
    ".ksEededededdedd",
];

const BANK_RIGHT: Picture = &[
    "eeeeeeeeeeeEsk..",
    "eeeeEEEeeeeEsk..",
    "eeeEeeeeeeEEssk.",
    "eeeeeeeeeeeEEsk.",
    "eedeeeeeeeeEEsk.",
    "eeeeeeeeeeeEsk..",
    "eeeeeeeeEEeEsk..",
    "eEEeeeeEeeEssk..",
    "EeeeeeeeeeEsk...",
    "eeeeedeeeeEsk...",
    "eeeeeeeeeeEssk..",
    "eedeeeeeeeEEsk..",
    "eeeeeEEedeEEsk..",
    "deeeEeeeeeeEssk.",
    "eedeeedeedeeEsk.",
    "dedededededeEsk.",
];

const DEEP: Picture = &[
    "eddeddeddeddeded",
    "dddddddddddddddd",
    "dddedddddddddddd",
    "ddeddddddddedddd",
    "ddddddddddeddddd",
    "ddddddkddddddddd",
    "dddddddddddddddd",
    "deddddddddddddkd",
    "edddddeedddddddd",
    "dddddeddddddeddd",
    "ddkdddddddddeedd",
    "dddddddddddddddd",
    "ddddkdddddkddddk",
    "kdddddkddddddkdd",
    "ddkddkddkdkdkddk",
    "kdkdkkdkdkdkdkdk",
];

const DEEP_GEMS: Picture = &[
    "eddeddeddeddeded",
    "dddddddddddddddd",
    "dddeddddddkkdddd",
    "ddedddkkdkpwkddd",
    "dddddkpwkkpwkddd",
    "dddddkpwkkppwkkk",
    "dkkddkppwkppwkpk",
    "kpwkdkppwppppwpk",
    "kppwkkpppppppppk",
    "dkppwppppppppkkd",
    "ddkppppppppppkdd",
    "dddkkkkkkkkkkddd",
    "ddddkdddddkddddk",
    "kdddddkddddddkdd",
    "ddkddkddkdkdkddk",
    "kdkdkkdkdkdkdkdk",
];

const DEEP_LEFT: Picture = &[
    ".ksEeddeddeddede",
    ".kkEeddddddddddd",
    "..kEeddddddddddd",
    "..kEeddddddedddd",
    "..kEEdddddeddddd",
    "..kkEddddddddddd",
    "...kEedddddddddd",
    "...kEedddddddddk",
    "...kEeddeddddddd",
    "..kEEddddddeddde",
    "..kEedddddddeedd",
    "..kEeddddddddddd",
    ".kEEdddddkdddddk",
    ".kEeddkddddddkdd",
    "kEEddkddkdkdkddk",
    "kEedkkdkdkdkdkdk",
];

const DEEP_RIGHT: Picture = &[
    "eddeddeddeddeEsk",
    "dddddddddddddEkk",
    "dddeddddddddeEk.",
    "ddeddddddddddEk.",
    "ddddddddddeddEk.",
    "ddddddkdddddEkk.",
    "dddddddddddeEk..",
    "deddddddddddEk..",
    "edddddeedddeEk..",
    "dddddeddddddEEk.",
    "ddkdddddddddeEk.",
    "ddddddddddddeEk.",
    "ddddkdddddkdEEk.",
    "kdddddkddddddeEk",
    "ddkddkddkdkdkeEk",
    "kdkdkkdkdkdkdkEk",
];

const BEDROCK: Picture = &[
    "kdkkdkkdkkdkdkkk",
    "kkkkkkkkkkkkkkkk",
    "kkkkdkkkkkkkkkkk",
    "kkkdkkkkkkkkdkkk",
    "kkkkkkkkkkkdkkkk",
    "kkkkkkkkkkkkkkkk",
    "kkkkkkkdkkkkkkkk",
    "kkkkkkdkkkkkkkkk",
    "kdkkkkkkkkkkkkkk",
    "kkkkkkkkkkkkkdkk",
    "kkkkkkkkkkkkdkkk",
    "kkkkkkkkkkkkkkkk",
    "kkkkkdkkkkkkkkkk",
    "kkkkdkkkkkkkkkkk",
    "kkkkkkkkkkkkkkkk",
    "kkkkkkkkkkkkkkkk",
];

const POOL_BED: Picture = &[
    "................",
    "......l.....l...",
    ".l...lg..l..g...",
    ".g...g...g.lg..l",
    "sgEssgEssgEsgssg",
    "EEsEEEsEEEEEsEEE",
    "eEEeeEEEeeEEEeeE",
    "deedeeedeedeedee",
    "ddkdddddkddddkdd",
    "kkkkdkkkkkkdkkkk",
    "kkkkkkkkkkkkkkkk",
    "kkkkkkkkkkkkkkkk",
    "kkkkkdkkkkkkkkkk",
    "kkkkdkkkkkkkkkkk",
    "kkkkkkkkkkkkkkkk",
    "kkkkkkkkkkkkkkkk",
];

const LAMP: Picture = &[
    ".......kk.......",
    ".....kkyykk.....",
    "....koywwyok....",
    "....koywwyok....",
    "....koyyyyok....",
    ".....kooook.....",
    "......kkkk......",
    "......kSsk......",
    ".......Sk.......",
    ".......Sk.......",
    ".......Sk.......",
    ".......sk.......",
    ".......Sk.......",
    "......kSsk......",
    ".....kSsssk.....",
    ".....kkkkkk.....",
];

const BUSH: Picture = &[
    "................",
    "................",
    "................",
    "................",
    "................",
    "......kkkk......",
    "....kkLLlGkk....",
    "...kLLlllGGgk...",
    "..kLllGlplGGgk..",
    ".kkllGGlllGGgkk.",
    "kLllGGGlLlGpGggk",
    "klplGGLlllGGgGgk",
    "kGlGGllllGGgGGgk",
    "kGGGGGllGGGgggkk",
    ".kgGGggGGGgggkk.",
    "..kkkkkkkkkkkk..",
];

const ROCK: Picture = &[
    "................",
    "................",
    "................",
    "................",
    "................",
    "................",
    "......kkkkk.....",
    "....kkSSSSskk...",
    "...kSSSSsssssk..",
    "..kSSSsssEsssEk.",
    "..kSSssssEEsEEk.",
    ".kSSssEssssEEEEk",
    ".kSssEEsssEEEEEk",
    ".kssEEEssEEEEeek",
    ".kkssEEEEEEeeekk",
    "...kkkkkkkkkkk..",
];

const MUSHROOMS: Picture = &[
    "................",
    "................",
    "................",
    "................",
    ".....kkkkk......",
    "...kkpppwpkk....",
    "..kppwppppppk...",
    "..kpppppwpppk...",
    "..kwpppppppwk...",
    "...kkkyyykkk....",
    ".....kyyok.kkkk.",
    ".....kyyokkpwppk",
    ".....kyyokkppwpk",
    ".....kyyok.kyok.",
    "....kyyyook.kyok",
    "....kkkkkkk.kkkk",
];

const CRYSTALS: Picture = &[
    "................",
    "................",
    ".......kk.......",
    "......kcwk......",
    "......kcwk......",
    "......kcwwk.kk..",
    "..kk..kccwkkcwk.",
    "..kwkkkccwkkcwk.",
    "..kcwkkccwwkcwk.",
    "..kccwkccwwccwk.",
    "...kcwkcccwcck..",
    "...kccwccwwcck..",
    "...kccwccwccck..",
    "....kccccccck...",
    "....kkcccccck...",
    ".....kkkkkkk....",
];

const SHELL: Picture = &[
    "eeeeeeeeeeeeeeee",
    "eeeeeeeeeeeeEEee",
    "eeeeeesssseeEeee",
    "eeeeessSSSsdeeee",
    "eedessSdddSsdeee",
    "eeeesSdssseSsdee",
    "eeeesSsSSsdsSdee",
    "eEEesSsdSsdsSdee",
    "EeeesSsdddesSdee",
    "eeeeesSsseesSdee",
    "eeeeessSSSSsdeee",
    "eedeeedssssdssee",
    "eeeeeeedddddsSsd",
    "deeeEeeeeedeedde",
    "eedeedeedeedeeed",
    "dededededededddd",
];

const STONES: Picture = &[
    "eddeddeddeddeded",
    "dddddddddddddddd",
    "dddEEEEddddddddd",
    "ddEssEEEdddddddd",
    "ddEsEEEekddddddd",
    "ddEEEEeekddEEEdd",
    "dddeeeekkdEsEEed",
    "ddddkkkkddEEEeek",
    "deddddddddeEeekk",
    "eddEEEddddkeekkd",
    "ddEsEEeddddkkkdd",
    "ddEEEeekdddddddd",
    "dddeeekkddkddddk",
    "kdddkkkddddddkdd",
    "ddkddkddkdkdkddk",
    "kdkdkkdkdkdkdkdk",
];

const CHEST: Picture = &[
    "eddeddeddeddeded",
    "dddddddddddddddd",
    "ddkkkkkkkkkkkkdd",
    "dkoyoooooooooykd",
    "dkyooooooooooosk",
    "dkoooookkooooosk",
    "dkkkkkkyykkkkkkk",
    "dksssskyykssssEk",
    "dkooookkkkoooosk",
    "dkooooooooooooEk",
    "dkyooooooooooosk",
    "dksEsEsEsEsEsEkk",
    "ddkkkkkkkkkkkkdd",
    "kdddddkddddddkdd",
    "ddkddkddkdkdkddk",
    "kdkdkkdkdkdkdkdk",
];
