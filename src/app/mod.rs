//! The workbench as a pure state machine: `update(&mut State, Msg) -> Vec<Effect>`.
//! No input or output, no clock, no terminal: effects are plain data.

mod any_path;
pub mod command;
mod entry;
mod input;
pub mod key;
pub mod msg;
pub mod state;
mod update;
pub mod wish;
pub mod work;

pub use update::update;
