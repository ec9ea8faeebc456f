//! The same scenes with displayio and with other libraries, and what they cost; see `README.md`.

mod assets;
mod digits;
mod embedded_graphics;
mod embedded_gui;
mod heap;
mod measure;
mod ours;
mod panel;
mod scene;
mod slint;

use std::{env, fs, path::Path};

use embedded_graphics::{
    dashboard::Dashboard, image::FullScreen, run_in_framebuffer, run_in_strips, shapes::Shapes,
    sprites::Game,
};
use measure::{Cost, Outcome, Stage};
use panel::PanelInMemory;

type Program = fn(&mut Stage<'_>) -> Outcome;

const OURS: &str = "displayio";
const FRAMEBUFFER: &str = "embedded-graphics framebuffer";
const STRIPS: &str = "embedded-graphics strips";
const SLINT: &str = "Slint";
const EMBEDDED_GUI: &str = "embedded-gui";

/// Scene by scene, ours first: the others are compared with it.
const PROGRAMS: [(&str, &str, Program); 18] = [
    ("image", OURS, ours::image::run),
    ("image", FRAMEBUFFER, |stage| run_in_framebuffer(stage, FullScreen::default())),
    ("image", STRIPS, |stage| run_in_strips(stage, FullScreen::default())),
    ("image", SLINT, slint::image::show),
    ("image", EMBEDDED_GUI, embedded_gui::image::show),
    ("sprites", OURS, ours::sprites::run),
    ("sprites", FRAMEBUFFER, |stage| run_in_framebuffer(stage, Game::new())),
    ("sprites", STRIPS, |stage| run_in_strips(stage, Game::new())),
    ("sprites", SLINT, slint::sprites::show),
    ("dashboard", OURS, ours::dashboard::run),
    ("dashboard", FRAMEBUFFER, |stage| run_in_framebuffer(stage, Dashboard::new())),
    ("dashboard", STRIPS, |stage| run_in_strips(stage, Dashboard::new())),
    ("dashboard", SLINT, slint::dashboard::show),
    ("dashboard", EMBEDDED_GUI, embedded_gui::dashboard::show),
    ("shapes", OURS, ours::shapes::run),
    ("shapes", FRAMEBUFFER, |stage| run_in_framebuffer(stage, Shapes::new())),
    ("shapes", STRIPS, |stage| run_in_strips(stage, Shapes::new())),
    ("shapes", SLINT, slint::shapes::show),
];

fn main() -> Outcome {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            table()?;
            Ok(())
        }
        ["--update"] => {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../results/peers.csv");
            Ok(fs::write(file, table()?)?)
        }
        ["--count", peer, scene, frame] => {
            let panel = PanelInMemory::new();
            program(peer, scene)?(&mut Stage::new(&panel, Some(frame.parse()?)))
        }
        ["--ram", peer, scene] => {
            println!("{}", ram_bytes(program(peer, scene)?)?);
            Ok(())
        }
        _ => Err("arguments: none, or --update".into()),
    }
}

fn program(peer: &str, scene: &str) -> Outcome<Program> {
    let found = PROGRAMS.iter().find(|program| program.0 == scene && program.1 == peer);
    let &(_, _, program) = found.ok_or("no such program")?;
    Ok(program)
}

/// Runs the only program of this process.
fn ram_bytes(program: Program) -> Outcome<usize> {
    let panel = PanelInMemory::new();
    let mut stage = Stage::new(&panel, None);
    let heap_bytes = measure::peak_heap_bytes(|| program(&mut stage))?;
    Ok(heap_bytes + stage.static_bytes())
}

/// Measures everything and prints it; the same as CSV.
fn table() -> Outcome<String> {
    let mut csv = String::from(
        "scene,peer,frame,pixels_differing,panel_bytes,ram_bytes,nanoseconds,instructions\n",
    );
    println!(
        "{:10} {:30} {:6} {:>9} {:>11} {:>9} {:>11} {:>12}",
        "scene", "peer", "frame", "differing", "panel bytes", "RAM bytes", "ns", "instructions"
    );
    let mut ours: Vec<Cost> = Vec::new();
    for (scene, peer, program) in PROGRAMS {
        let panel = PanelInMemory::new();
        let mut stage = Stage::new(&panel, None);
        program(&mut stage)?;
        let ram_bytes = measure::ram_bytes(peer, scene)?;
        let costs = stage.into_costs();
        if peer == OURS {
            ours = costs;
            for cost in &ours {
                csv.push_str(&line(scene, peer, cost, cost, ram_bytes)?);
            }
        } else {
            for (cost, reference) in costs.iter().zip(&ours) {
                csv.push_str(&line(scene, peer, cost, reference, ram_bytes)?);
            }
        }
    }
    Ok(csv)
}

/// Prints a line of the table and makes one of CSV.
fn line(
    scene: &str,
    peer: &str,
    cost: &Cost,
    reference: &Cost,
    ram_bytes: usize,
) -> Outcome<String> {
    let &Cost { frame, ref shown, bytes, nanoseconds } = cost;
    let pairs = shown.chunks_exact(2).zip(reference.shown.chunks_exact(2));
    let differing = pairs.filter(|(pixel, wanted)| pixel != wanted).count();
    let instructions = measure::instructions(peer, scene, frame)?;
    let instructions = instructions.map(|count| count.to_string()).unwrap_or_default();
    let frame = frame.name();
    println!(
        "{scene:10} {peer:30} {frame:6} {differing:9} {bytes:11} {ram_bytes:9} {nanoseconds:11} {instructions:>12}"
    );
    Ok(format!(
        "{scene},{peer},{frame},{differing},{bytes},{ram_bytes},{nanoseconds},{instructions}\n"
    ))
}
