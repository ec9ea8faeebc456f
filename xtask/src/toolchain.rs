//! A compiler and a core library for a bare target, wherever this machine has them.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{failure::Failure, rustc};

/// A target that has no operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    /// Cortex-M4 and -M7 with floating point.
    Thumbv7em,
    /// Cortex-M3: of this one there is a board with a panel to emulate.
    Thumbv7m,
    /// Cortex-M0 and -M0+.
    Thumbv6m,
    /// RISC-V without atomics and floating point. Nothing is measured on it.
    Riscv32imc,
}

impl Target {
    /// All that the project is measured on.
    pub(crate) const ALL: [Self; 2] = [Self::Thumbv7em, Self::Thumbv6m];

    /// The compiler's name for it.
    pub(crate) const fn triple(self) -> &'static str {
        match self {
            Self::Thumbv7em => "thumbv7em-none-eabihf",
            Self::Thumbv7m => "thumbv7m-none-eabi",
            Self::Thumbv6m => "thumbv6m-none-eabi",
            Self::Riscv32imc => "riscv32imc-unknown-none-elf",
        }
    }

    /// The core that its code is meant for, as tables of figures call it.
    pub(crate) const fn core(self) -> &'static str {
        match self {
            Self::Thumbv7em => "cortex-m4",
            Self::Thumbv7m => "cortex-m3",
            Self::Thumbv6m => "cortex-m0+",
            Self::Riscv32imc => "riscv32imc",
        }
    }

    fn linker_variable(self) -> String {
        let triple = self.triple().to_uppercase().replace('-', "_");
        format!("CARGO_TARGET_{triple}_LINKER")
    }
}

/// Debian's compiler, of which a machine may have the core library in source when rustup's has none.
const DEBIAN_SYSROOT: &str = "/usr";

/// Names of a linker for all targets, best first. The targets ask for the first.
const LINKERS: [&str; 5] = ["rust-lld", "ld.lld", "ld.lld-22", "ld.lld-19", "ld.lld-14"];

/// Where the core library of a target comes from.
#[derive(Debug, PartialEq, Eq)]
enum Core {
    /// Compiled, beside the toolchain in use.
    Compiled,
    /// In source, beside the toolchain in use.
    Source,
    /// In source, beside Debian's compiler.
    Debian,
}

/// How to build for a target.
#[derive(Debug)]
pub(crate) struct Toolchain {
    target: Target,
    core: Core,
    /// The executable search path, with a linker on it.
    path: Option<std::ffi::OsString>,
    linker: &'static str,
    /// This program, which takes the compiler's place.
    wrapper: PathBuf,
}

impl Toolchain {
    /// Finds a core library: compiled, in source, or Debian's; in this order.
    ///
    /// # Errors
    /// Exit status 3, with a line that installs what is missing: a core library or a linker.
    pub(crate) fn find(target: Target) -> Result<Self, Failure> {
        let sysroot = sysroot()?;
        let core = find_core(&sysroot, Path::new(DEBIAN_SYSROOT), target)?;
        let directories = search_path(&sysroot);
        let linker = LINKERS.into_iter().find(|name| is_on_path(name, &directories));
        let linker = linker.ok_or_else(|| {
            Failure::missing("no linker for bare targets. Install one:\n  apt-get install lld")
        })?;
        let wrapper =
            env::current_exe().map_err(|error| Failure::new(format!("where am I? {error}")))?;
        Ok(Self { target, core, path: env::join_paths(&directories).ok(), linker, wrapper })
    }

    /// Cargo, to be called with `subcommand` and further arguments.
    ///
    /// Of the environment, what would change flags is taken out: another flag compiles the core library again.
    pub(crate) fn cargo(&self, subcommand: &str) -> Command {
        let debian = self.core == Core::Debian;
        let program = match subcommand {
            // Cargo would find that of another toolchain first.
            "clippy" if debian => "/usr/bin/cargo-clippy".into(),
            _ if debian => "/usr/bin/cargo".into(),
            _ => cargo_in_use(),
        };
        let mut command = Command::new(program);
        command.args([subcommand, "--target", self.target.triple()]);
        for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "LD_LIBRARY_PATH"] {
            command.env_remove(variable);
        }
        if debian {
            command.env("RUSTC", "/usr/bin/rustc").env("CARGO", "/usr/bin/cargo");
        }
        rustc::replace(&mut command, &self.wrapper);
        if self.core != Core::Compiled {
            command.arg("-Zbuild-std=core").env("RUSTC_BOOTSTRAP", "1");
        }
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        // Only where it is not the target's own choice: naming it compiles the core library again.
        if self.linker != LINKERS[0] {
            command.env(self.target.linker_variable(), self.linker);
        }
        command
    }

    /// Whether `alloc` is not even there to be linked.
    pub(crate) fn builds_core_alone(&self) -> bool {
        self.core != Core::Compiled
    }
}

/// The cargo that runs this program.
pub(crate) fn cargo_in_use() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from)
}

/// The target that the compiler in use runs on.
///
/// # Errors
/// The compiler cannot be started (exit status 3).
pub(crate) fn host() -> Result<String, Failure> {
    ask_compiler("host-tuple")
}

/// Where the compiler in use has its libraries.
fn sysroot() -> Result<PathBuf, Failure> {
    ask_compiler("sysroot").map(PathBuf::from)
}

/// What the compiler in use prints when it is asked for `what`.
fn ask_compiler(what: &str) -> Result<String, Failure> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(&rustc)
        .args(["--print", what])
        .output()
        .map_err(|error| Failure::missing(format!("cannot run {}: {error}", rustc.display())))?;
    let printed = String::from_utf8(output.stdout)
        .map_err(|_| Failure::new(format!("the compiler's {what} is not in UTF-8")))?;
    Ok(printed.trim().into())
}

fn find_core(sysroot: &Path, debian: &Path, target: Target) -> Result<Core, Failure> {
    let triple = target.triple();
    let compiled = sysroot.join("lib/rustlib").join(triple).join("lib");
    let source = Path::new("lib/rustlib/src/rust/library/Cargo.lock");
    if has_file(&compiled, |name| name.starts_with("libcore-") && name.ends_with(".rlib")) {
        Ok(Core::Compiled)
    } else if sysroot.join(source).exists() {
        Ok(Core::Source)
    } else if debian.join("bin/cargo").exists() && debian.join(source).exists() {
        Ok(Core::Debian)
    } else {
        Err(Failure::missing(format!(
            "no core library for {triple}. Install one:\n  rustup target add {triple}\nor, on Debian:\n  \
             apt-get install --no-install-recommends rustc-web cargo-web rust-web-src"
        )))
    }
}

fn has_file(directory: &Path, accept: impl Fn(&str) -> bool) -> bool {
    let Ok(entries) = fs::read_dir(directory) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_str().is_some_and(&accept))
}

/// The search path, and behind it where rustup's toolchains have their linker.
fn search_path(sysroot: &Path) -> Vec<PathBuf> {
    let mut directories: Vec<PathBuf> =
        env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    let home = env::var_os("RUSTUP_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".rustup")));
    let toolchains = home.map(|home| subdirectories(&home.join("toolchains"))).unwrap_or_default();
    for root in toolchains.iter().chain([&sysroot.to_path_buf()]) {
        for host in subdirectories(&root.join("lib/rustlib")) {
            directories.push(host.join("bin"));
        }
    }
    directories
}

fn subdirectories(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

fn is_on_path(program: &str, directories: &[PathBuf]) -> bool {
    directories.iter().any(|directory| directory.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A directory with these empty files, deleted in the end.
    struct Tree(PathBuf);

    impl Tree {
        fn new(name: &str, files: &[&str]) -> Self {
            let root = env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
            for file in files {
                let path = root.join(file);
                fs::create_dir_all(path.parent().expect("below the root")).expect("writable");
                fs::write(path, "").expect("writable");
            }
            Self(root)
        }
    }

    impl Drop for Tree {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn core_libraries_are_found_in_order() {
        let compiled = "lib/rustlib/thumbv6m-none-eabi/lib/libcore-0.rlib";
        let source = "lib/rustlib/src/rust/library/Cargo.lock";
        let all = Tree::new("all", &[compiled, source]);
        let sources = Tree::new("sources", &[source, "bin/cargo"]);
        let empty = Tree::new("empty", &[]);
        let find = |rustup: &Tree, debian: &Tree| {
            find_core(&rustup.0, &debian.0, Target::Thumbv6m).map_err(|failure| failure.to_string())
        };
        assert_eq!(find(&all, &sources), Ok(Core::Compiled));
        assert_eq!(find(&sources, &sources), Ok(Core::Source));
        assert_eq!(find(&empty, &sources), Ok(Core::Debian));
        let message = find(&empty, &empty).expect_err("nothing there");
        assert!(message.contains("rustup target add thumbv6m-none-eabi"), "{message}");
    }

    #[test]
    fn linker_variables_are_as_cargo_spells_them() {
        assert_eq!(Target::Thumbv6m.linker_variable(), "CARGO_TARGET_THUMBV6M_NONE_EABI_LINKER");
    }
}
