//! `cargo xtask manifests`.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, ensure};

use crate::{engines, workspace};

/// Checks the rendered manifests, and that they are up to date.
pub(crate) fn run() -> Result<ExitCode> {
    let mut files = rendered()?;
    files.push(with_restore());
    println!("{}", validate(&files)?);
    println!("{}", compare()?);
    Ok(ExitCode::SUCCESS)
}

/// The rendered overlays in the repository.
fn rendered() -> Result<Vec<PathBuf>> {
    let directory = workspace::root().join("infra/rendered");
    let files = fs::read_dir(&directory).with_context(|| directory.display().to_string())?;
    let mut files = files.map(|file| Ok(file?.path())).collect::<Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}

/// The overlay that has what the pod for restoring needs, with that pod, as the check takes files that belong together.
fn with_restore() -> PathBuf {
    let infra = workspace::root().join("infra");
    format!("{}+{}", infra.join("rendered/prod.yaml").display(), infra.join("restore.yaml").display()).into()
}

/// Validates manifests against the schemas of Kubernetes, strictly, and against our own rules. Returns a
/// summary.
fn validate(files: &[PathBuf]) -> Result<String> {
    let mut check = Command::new(engines::manifests::obtain()?);
    said_by(check.arg(workspace::root().join("infra/check.py")).args(files))
}

/// Renders the overlays again and compares the result with the files in the repository.
fn compare() -> Result<String> {
    if !is_installed("kubectl") {
        return Ok("there is no kubectl here: whether the manifests are up to date is not known".to_owned());
    }
    said_by(render().arg("--check"))?;
    Ok("the rendered manifests are up to date".to_owned())
}

fn render() -> Command {
    let mut render = Command::new("sh");
    render.arg(workspace::root().join("infra/render.sh"));
    render
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
}

/// The command's output; if it failed, the output is the error.
fn said_by(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{:?} does not run", command.get_program()))?;
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).trim().to_owned());
    ensure!(output.status.success(), "the manifests are wrong:\n{}\n{}", said[0], said[1]);
    Ok(said[0].clone())
}

#[cfg(test)]
mod tests;
