//! `cargo xtask test`.

use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};

use crate::parts::Parts;
use crate::servers::{self, Servers};
use crate::summary::Summary;
use crate::{engines, executables, workspace};

/// Runs the tests and prints the results. The last line is always the total.
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let (mut parts, mut summary) = (Parts::default(), Summary::default());
    let outcome = build_and_test(arguments, &mut parts, &mut summary);
    println!();
    summary.kinds().for_each(|line| println!("{line}"));
    if let Err(error) = &outcome {
        println!("error: {error:#}");
    } else if summary.passed == 0 {
        println!("error: no test ran");
    }
    print!("{parts}");
    if summary.ignored > 0 {
        println!("{} ignored", summary.ignored);
    }
    println!("{summary}");
    if outcome.is_ok() && summary.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn build_and_test(arguments: &[String], parts: &mut Parts, summary: &mut Summary) -> Result<()> {
    parts.run("obtaining MongoDB, NATS, Traefik, a browser, a mail server, an object store and checkers", obtain)?;
    parts.run("building", build)?;
    let servers = match servers::are_given() {
        true => None,
        false => Some(parts.run("starting MongoDB and NATS", Servers::launch)?),
    };
    let addresses: Vec<(String, String)> = servers.iter().flat_map(Servers::addresses).collect();
    let cargo = |arguments: &[String]| {
        let mut tests = workspace::cargo();
        // Every failure counts, not only those of the first failing executable.
        tests.args(["test", "--workspace", "--no-fail-fast"]).args(arguments).envs(addresses.iter().cloned());
        tests
    };
    if !arguments.is_empty() {
        return parts.run("testing", || stream(&mut cargo(arguments), summary));
    }
    let tested = parts.run("testing", || run_all(addresses.clone(), summary));
    parts.run("testing the documentation's examples", || stream(&mut cargo(&["--doc".to_owned()]), summary))?;
    tested
}

/// Runs all test executables, and shows what each says as it ends.
fn run_all(addresses: Vec<(String, String)>, summary: &mut Summary) -> Result<()> {
    let mut first_crash = Ok(());
    for outcome in executables::run(executables::list()?, addresses) {
        match outcome {
            Ok(said) => {
                println!("{said}");
                said.lines().for_each(|line| summary.read(line));
            }
            Err(crash) => {
                println!("error: {crash:#}");
                first_crash = first_crash.and(Err(crash));
            }
        }
    }
    first_crash
}

fn obtain() -> Result<()> {
    match engines::obtain_servers() {
        // They serve most tests; those that kill a server launch their own, and fail with instructions.
        Err(error) if servers::are_given() => println!("warning: {error:#}"),
        outcome => outcome?,
    }
    // Only some tests need each of these, and fail with instructions without it.
    for obtained in [
        engines::schemathesis::obtain().map(drop),
        engines::browser::obtain(),
        engines::manifests::obtain().map(drop),
        engines::mail_server::obtain().map(drop),
        engines::obtain_object_store().map(drop),
        engines::asyncapi::obtain().map(drop),
        engines::readers::obtain().map(drop),
    ] {
        if let Err(error) = obtained {
            println!("warning: {error:#}");
        }
    }
    Ok(())
}

/// In one invocation, so that all are built with the same features of the dependencies, that is, once.
/// Tests run the product's program, which `cargo test` alone would not build.
fn build() -> Result<()> {
    let targets = ["--lib", "--bins", "--tests", "--examples"];
    workspace::run(workspace::cargo().args(["build", "--workspace"]).args(targets))
}

/// Runs the command, shows its output as it comes, and parses it.
fn stream(tests: &mut Command, summary: &mut Summary) -> Result<()> {
    let mut process = tests.stdout(Stdio::piped()).spawn().context("cargo does not run")?;
    let mut output = BufReader::new(process.stdout.take().context("its output is piped")?);
    let mut line = Vec::new();
    // The output of tests need not be UTF-8.
    while output.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        print!("{text}");
        summary.read(text.trim_end());
        line.clear();
    }
    let status = process.wait()?;
    ensure!(
        status.success() || summary.failed > 0,
        "cargo test ended with {status}, but no test failed: an executable crashed or did not compile"
    );
    Ok(())
}
