//! A board in QEMU: its serial port, its buttons and its screen.

use core::time::Duration;
use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, ErrorKind, Write as _},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Instant,
};

use super::screen::Screen;
use crate::{failure::Failure, qemu};

const MACHINE: &str = "lm3s6965evb";

/// How long the board may take for anything: it takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// Files of a run, in its directory: what the emulator objects to, and its screen.
const LOG: &str = "qemu.log";
const ERRORS: &str = "qemu.err";
const SCREEN: &str = "screen.ppm";

/// What QEMU says of this machine, whatever runs on it.
const USUAL: &str = "Timer with period zero, disabling";

/// An emulator that runs, until this is dropped.
pub(super) struct Board {
    child: Child,
    /// To the serial port, and what came from it, line by line.
    input: ChildStdin,
    lines: Receiver<String>,
    /// QEMU's own protocol: a line of JSON for each command and each answer.
    monitor: BufReader<TcpStream>,
    directory: PathBuf,
    /// All lines so far, for whoever looks for a cause.
    transcript: String,
}

impl Board {
    /// Starts a program, and has `keys` released.
    ///
    /// # Errors
    /// No emulator (exit status 3), or it does not answer.
    pub(super) fn start(program: &Path, directory: &Path, keys: &[&str]) -> Result<Self, Failure> {
        let program = fs::canonicalize(program).map_err(|error| fail("the program", &error))?;
        let errors = File::create(directory.join(ERRORS)).map_err(|error| fail(ERRORS, &error))?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| fail("port", &error))?;
        let port = listener.local_addr().map_err(|error| fail("port", &error))?.port();
        let mut child = Command::new(qemu::EMULATOR)
            .current_dir(directory)
            .args(["-machine", MACHINE, "-display", "none", "-monitor", "none", "-serial", "stdio"])
            .args(["-d", "guest_errors,unimp", "-D", LOG, "-qmp", &format!("tcp:127.0.0.1:{port}")])
            .arg("-kernel")
            .arg(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .map_err(|error| qemu::missing(&error))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Failure::new("the emulator has no serial port"));
        };
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            lines.map(|line| sender.send(line)).take_while(Result::is_ok).for_each(drop);
        });
        let monitor = BufReader::new(accept(&listener, &mut child)?);
        let directory = directory.to_path_buf();
        let mut board = Self { child, input, lines, monitor, directory, transcript: String::new() };
        board.answer()?;
        board.command(r#"{"execute":"qmp_capabilities"}"#)?;
        // The machine takes all for pressed until it hears of them.
        for (key, is_down) in keys.iter().flat_map(|key| [(key, true), (key, false)]) {
            board.set_key(key, is_down)?;
        }
        Ok(board)
    }

    /// Waits until the board says that it has shown something, and gives that line.
    ///
    /// # Errors
    /// It reports an error, ends, or says nothing.
    pub(super) fn shown(&mut self) -> Result<String, Failure> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = self.lines.recv_timeout(left).map_err(|_| self.complaint("no answer"))?;
            self.transcript.extend([line.as_str(), "\n"]);
            match line {
                line if line.starts_with("shown: ") => return Ok(line),
                line if line.starts_with("error: ") => return Err(self.complaint("an error")),
                _ => {}
            }
        }
    }

    /// Sends a line to the serial port.
    ///
    /// # Errors
    /// The emulator has ended.
    pub(super) fn send(&mut self, line: &str) -> Result<(), Failure> {
        writeln!(self.input, "{line}").map_err(|error| fail("serial port", &error))
    }

    /// Presses or releases a key.
    ///
    /// # Errors
    /// The emulator has ended, or knows no such key.
    pub(super) fn set_key(&mut self, key: &str, is_down: bool) -> Result<(), Failure> {
        let key = format!(r#"{{"type":"qcode","data":"{key}"}}"#);
        let event = format!(r#"{{"type":"key","data":{{"down":{is_down},"key":{key}}}}}"#);
        let arguments = format!(r#"{{"events":[{event}]}}"#);
        self.command(&format!(r#"{{"execute":"input-send-event","arguments":{arguments}}}"#))
    }

    /// What the panel shows.
    ///
    /// # Errors
    /// The emulator has ended, or the panel is another.
    pub(super) fn screen(&mut self) -> Result<Screen, Failure> {
        let arguments = format!(r#"{{"filename":"{SCREEN}"}}"#);
        self.command(&format!(r#"{{"execute":"screendump","arguments":{arguments}}}"#))?;
        let ppm = fs::read(self.directory.join(SCREEN)).map_err(|error| fail(SCREEN, &error))?;
        Screen::from_ppm(&ppm)
    }

    /// Ends the emulator.
    ///
    /// # Errors
    /// It objected to something that the program did: an access, or a command to the panel.
    pub(super) fn end(mut self) -> Result<(), Failure> {
        // Its answer may be lost: the connection ends, too.
        writeln!(self.monitor.get_mut(), r#"{{"execute":"quit"}}"#)
            .map_err(|error| fail("monitor", &error))?;
        self.child.wait().map_err(|error| fail("the emulator", &error))?;
        let objections = self.objections();
        if objections.is_empty() { Ok(()) } else { Err(self.complaint("QEMU objects")) }
    }

    /// Sends a command and waits until it is done.
    fn command(&mut self, json: &str) -> Result<(), Failure> {
        writeln!(self.monitor.get_mut(), "{json}").map_err(|error| fail("monitor", &error))?;
        loop {
            let answer = self.answer()?;
            if answer.starts_with(r#"{"return""#) {
                return Ok(());
            }
            if answer.starts_with(r#"{"error""#) {
                return Err(Failure::new(format!("{json}: {answer}")));
            }
            // Anything else is an event.
        }
    }

    fn answer(&mut self) -> Result<String, Failure> {
        let mut line = String::new();
        match self.monitor.read_line(&mut line) {
            Ok(0) => Err(self.complaint("the emulator has ended")),
            Ok(_) => Ok(line),
            Err(error) => Err(fail("monitor", &error)),
        }
    }

    /// What QEMU objects to, so far.
    fn objections(&self) -> String {
        let read = |name| fs::read_to_string(self.directory.join(name)).unwrap_or_default();
        let all = [read(LOG), read(ERRORS)].concat();
        all.lines().filter(|line| *line != USUAL).map(|line| format!("{line}\n")).collect()
    }

    /// A failure, with all that was said.
    fn complaint(&self, what: &str) -> Failure {
        Failure::new(format!("{what}\n{}{}", self.transcript, self.objections()))
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for the emulator to call.
fn accept(listener: &TcpListener, child: &mut Child) -> Result<TcpStream, Failure> {
    let mut accept = || {
        listener.set_nonblocking(true)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match listener.accept() {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
                Ok((stream, _)) => {
                    stream.set_nonblocking(false)?;
                    stream.set_read_timeout(Some(PATIENCE))?;
                    return Ok(stream);
                }
            }
            if child.try_wait()?.is_some() || Instant::now() > deadline {
                return Err(ErrorKind::NotConnected.into());
            }
            thread::sleep(Duration::from_millis(2));
        }
    };
    accept().map_err(|error| fail("the emulator does not start", &error))
}

fn fail(what: &str, error: &dyn core::error::Error) -> Failure {
    Failure::new(format!("{what}: {error}"))
}
