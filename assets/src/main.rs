//! Makes assets of pictures and fonts, and explains them: `displayio-assets --help` tells how.
#![forbid(unsafe_code)]

mod commands;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use commands::{Failure, font, image, inspect};

const EXAMPLES: &str = "\
Examples:
  displayio-assets image icons.png -o icons.rs --depth 4
  displayio-assets image level.png -o level.rs --tiles 16x16
  displayio-assets font DejaVuSans.ttf -o clock.dfn --size 24 --chars 0123456789:
  displayio-assets inspect icons.png clock.dfn";

const EXIT_STATUS: &str = "\
Exit status:
  0  all outputs were written
  1  a file could not be read or written, or the command line is wrong
  2  an input is refused: not a picture or font, damaged, too large, or not what the options need
Nothing is written unless everything can be.";

/// Makes assets for a display, and explains them.
#[derive(Debug, Parser)]
#[command(name = "displayio-assets", version, after_help = format!("{EXAMPLES}\n\n{EXIT_STATUS}"), max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(after_help = EXIT_STATUS)]
    Font(font::Args),
    #[command(after_help = EXIT_STATUS)]
    Image(image::Args),
    #[command(after_help = EXIT_STATUS)]
    Inspect(inspect::Args),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nothing is left to tell if even that cannot be written.
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()));
        }
    };
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "{failure}");
            ExitCode::from(failure.exit_status())
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Font(args) => font::run(&args),
        Command::Image(args) => image::run(&args),
        Command::Inspect(args) => inspect::run(&args),
    }
}
