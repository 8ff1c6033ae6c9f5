//! The virtual environment that holds the real FastAPI. It is made once for each Python
//! and each `requirements.txt`, after which nothing needs the network. Running a lesson in
//! it is `server`'s.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::interpreter::{self, isolated, lines, run};
use super::{REQUIREMENTS, ReferenceError, version};

/// Written last: an environment without it is unfinished, and made anew.
const COMPLETE: &str = "complete";

/// How often a lock that another process holds is tried again.
const RETRY: Duration = Duration::from_millis(200);

/// A virtual environment with every requirement installed.
#[derive(Debug, Clone)]
pub struct Environment {
    home: PathBuf,
}

impl Environment {
    /// Finds the environment below the folder `cache`, or makes it there with `python`, a
    /// path or a name looked for on `PATH`. What takes long is announced to `progress`.
    /// Processes that do this at the same time wait for the first; one that is killed
    /// leaves nothing that the next does not repair.
    pub async fn prepare(
        python: &Path,
        cache: &Path,
        progress: &(dyn Fn(&str) + Sync),
    ) -> Result<Self, ReferenceError> {
        let found = interpreter::version(python).await?;
        let cache = std::path::absolute(cache).map_err(cannot_use(cache))?;
        let name = folder_name(&found, REQUIREMENTS);
        let environment = Self { home: cache.join(&name) };
        if environment.is_complete() {
            return Ok(environment);
        }
        fs::create_dir_all(&cache).map_err(cannot_use(&cache))?;
        let lock = lock(&cache.join(format!("{name}.lock")), progress).await?;
        if !environment.is_complete() {
            let home = environment.home.display();
            progress(&format!("installing {} into {home}, once", version()));
            environment.make(python, &lock).await?;
        }
        Ok(environment)
    }

    /// The folder of the environment.
    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// The interpreter of the environment.
    pub(super) fn python(&self) -> PathBuf {
        self.home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
    }

    /// Whether everything is installed, and the Python it was made with still there.
    fn is_complete(&self) -> bool {
        self.home.join(COMPLETE).is_file() && self.python().is_file()
    }

    /// Makes the environment from nothing. Every program that writes into its folder has
    /// `lock` as its stdin, and so holds it for as long as it lives, even if we are killed.
    async fn make(&self, python: &Path, lock: &File) -> Result<(), ReferenceError> {
        let home = &self.home;
        if home.exists() {
            fs::remove_dir_all(home).map_err(cannot_use(home))?;
        }
        self.make_venv(python, lock).await?;
        self.install(lock).await?;
        let marker = home.join(COMPLETE);
        fs::write(&marker, version()).map_err(cannot_use(&marker))
    }

    async fn make_venv(&self, python: &Path, lock: &File) -> Result<(), ReferenceError> {
        let home = self.home.clone();
        let mut venv = isolated(python, "venv");
        venv.arg(&home).stdin(self.share(lock)?);
        let output = run(&mut venv).await?;
        if output.status.success() {
            return Ok(());
        }
        let output = lines(&output);
        Err(ReferenceError::Venv { home, output })
    }

    async fn install(&self, lock: &File) -> Result<(), ReferenceError> {
        let home = self.home.clone();
        let list = home.join("requirements.txt");
        fs::write(&list, REQUIREMENTS).map_err(cannot_use(&list))?;
        let mut pip = isolated(&self.python(), "pip");
        pip.args(["install", "--quiet", "--no-input", "--disable-pip-version-check"]);
        pip.args(["--progress-bar", "off", "--requirement"]);
        pip.arg(&list).stdin(self.share(lock)?);
        for elsewhere in ["PIP_PREFIX", "PIP_ROOT", "PIP_TARGET", "PIP_USER"] {
            pip.env_remove(elsewhere);
        }
        let output = run(&mut pip).await?;
        if output.status.success() {
            return Ok(());
        }
        let output = lines(&output);
        Err(if is_offline(&output) {
            ReferenceError::Offline { home, output }
        } else {
            ReferenceError::Pip { home, output }
        })
    }

    fn share(&self, lock: &File) -> Result<Stdio, ReferenceError> {
        let shared = lock.try_clone().map_err(cannot_use(&self.home))?;
        Ok(Stdio::from(shared))
    }
}

/// A folder name that changes with the interpreter and with the requirements.
fn folder_name(found: &str, requirements: &str) -> String {
    let digest: [u8; 32] = Sha256::new_with_prefix(found)
        .chain_update("\n")
        .chain_update(requirements)
        .finalize()
        .into();
    let [a, b, c, d, ..] = digest;
    let hash = u32::from_be_bytes([a, b, c, d]);
    let python = found.split_whitespace().nth(1).unwrap_or("unknown");
    let readable = python.replace(|c: char| c != '.' && !c.is_ascii_alphanumeric(), "_");
    format!("fastapi-python-{readable}-{hash:08x}")
}

/// Locks the file at `path`, which stays empty, against other processes until the result
/// is dropped.
async fn lock(path: &Path, progress: &(dyn Fn(&str) + Sync)) -> Result<File, ReferenceError> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(true);
    let file = options.open(path).map_err(cannot_use(path))?;
    let mut announced = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(cause)) => return Err(cannot_use(path)(cause)),
            Err(TryLockError::WouldBlock) if !announced => {
                announced = true;
                progress(&format!("waiting for another process that installs {}", version()));
            }
            Err(TryLockError::WouldBlock) => tokio::time::sleep(RETRY).await,
        }
    }
}

/// Whether pip failed because nothing answered; its last line then speaks of a missing version.
fn is_offline(output: &[String]) -> bool {
    output.iter().any(|line| line.contains("connection broken by"))
}

fn cannot_use(path: &Path) -> impl FnOnce(std::io::Error) -> ReferenceError {
    let path = path.to_owned();
    |cause| ReferenceError::Cache { path, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_belongs_to_one_python_and_one_list() {
        let name = folder_name("Python 3.11.7", "fastapi==0.165.0");
        assert!(name.starts_with("fastapi-python-3.11.7-"), "{name}");
        assert_eq!(name, folder_name("Python 3.11.7", "fastapi==0.165.0"));
        assert_ne!(name, folder_name("Python 3.11.7", "fastapi==0.165.1"));
        assert_ne!(name, folder_name("Python 3.11.7\n[PyPy 7.3.16]", "fastapi==0.165.0"));
        assert_ne!(name, folder_name("Python 3.12.7", "fastapi==0.165.0"));
    }

    #[test]
    fn a_folder_name_is_one_plain_component() {
        let name = folder_name("Python 3.13.0+/../x y", "");
        assert!(name.starts_with("fastapi-python-3.13.0__.._x-"), "{name}");
    }

    #[test]
    fn a_missing_network_is_told_from_a_missing_version() {
        let missing = "ERROR: No matching distribution found for fastapi==0.165.0".to_owned();
        let retry = "WARNING: Retrying (Retry(total=0)) after connection broken by \
                     'NewConnectionError(…)': /simple/fastapi/";
        assert!(is_offline(&[retry.to_owned(), missing.clone()]));
        assert!(!is_offline(&[missing]));
    }
}
