//! The program: its commands and settings, the list of services, the engines behind the ports, and how a
//! process starts, runs and ends.

pub mod app;
pub mod commands;
pub mod dead_letters;
pub mod docs;
pub mod engines;
pub mod events;
pub mod gate;
pub mod mails;
pub mod organisers;
pub mod pages;
pub mod process;
pub mod seed;
pub mod servers;
pub mod service_process;
pub mod services;
pub mod settings;
pub mod simulator;
pub mod telemetry;

/// Half of what a request costs beyond its own work is allocating and freeing memory, on different
/// threads; the system's allocator is slow at that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
